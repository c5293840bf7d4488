import fs from 'node:fs';
import { expect, test } from 'vitest';
import { StoreFolder } from '../attack/store-folder.ts';
import { describeFolder } from '../cli/describe-folder.ts';
import { Program } from '../cli/program.ts';
import { openTrafficProxy, type TrafficProxy } from '../cli/traffic-proxy.ts';
import { scale, testTimeoutMs } from './scale.ts';
import { writeLargeFile, writeSmallFiles } from './write-files.ts';

/** A full pack has at least, and at most, so many bytes. */
const packBytes = 16 * 1024 * 1024;
const packMaxBytes = 17 * 1024 * 1024;
/** For the small files beside the large one, seals, and what pads a pack (3 %). */
const slack = 1.05;
/** Packs on their way at once: those may be in the store when the program dies, without its having been told. */
const packsInFlight = 3;

interface World {
  readonly program: Program;
  readonly proxy: TrafficProxy;
  readonly recoveryKey: string;
}

async function open(fill: (folder: string) => void): Promise<World> {
  const program = await Program.open();
  fill(program.at('alice'));
  const proxy = await openTrafficProxy(await program.serve());
  return { program, proxy, recoveryKey: await program.init('alice', proxy.url) };
}

/** Packs that were handed to the server since the last call, and their bytes. */
function takeSentPacks({ exchanges }: TrafficProxy): { readonly count: number; readonly bytes: number } {
  const packs = exchanges.splice(0).filter(({ method, path }) => method === 'PUT' && path.includes('/packs/'));
  return { count: packs.length, bytes: packs.reduce((sum, { requestBody }) => sum + requestBody.length, 0) };
}

/** Kills a first upload when the program sends the object of this kind with this number, from 1. */
async function killUpload({ program, proxy }: World, kind: 'packs' | 'journal', number: number): Promise<void> {
  const run = program.startOn('alice', ['sync']);
  let seen = 0;
  proxy.beforeRequest = (method, path) => {
    if (method !== 'PUT' || !path.includes(`/${kind}/`)) return;
    seen += 1;
    if (seen === number) run.child.kill('SIGKILL');
  };
  expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
  proxy.beforeRequest = () => {};
  await proxy.settle();
}

function packBytesIn({ program }: World): number {
  const store = new StoreFolder(program.at('server/stores/vault'));
  return store.below('packs/').reduce((sum, name) => sum + fs.statSync(store.path(name)).size, 0);
}

async function checkWhole({ program, proxy, recoveryKey }: World): Promise<void> {
  await program.join('bob', proxy.url, recoveryKey);
  await program.sync('bob', 'alice');
  expect(describeFolder(program.at('bob'))).toEqual(describeFolder(program.at('alice')));
  expect(await program.json('alice', ['verify', '--data'])).toMatchObject({ damaged: [], files: [] });
  for (const device of ['alice', 'bob']) expect(fs.readdirSync(program.at(device, '.cachette/staged'))).toEqual([]);
  expect(fs.readdirSync(program.at('server/stores/vault/.tmp'))).toEqual([]);
}

test(
  'killed in the middle of a first upload, and before its entry: only what was on its way is sent again',
  { timeout: testTimeoutMs },
  async () => {
    const { bytes: dataBytes, killedAtPack } = scale.interrupted;
    const world = await open((folder) => {
      writeSmallFiles(folder, 100, 1);
      writeLargeFile(`${folder}/large`, dataBytes, 2);
    });
    const before = describeFolder(world.program.at('alice'));
    let knownPacks = 0;
    for (const number of killedAtPack) {
      await killUpload(world, 'packs', number);
      expect(takeSentPacks(world.proxy).count, 'guard: it was killed at work').toBeGreaterThan(0);
      // No more than so many are on their way at once, so when this one was sent the others were known to be stored.
      knownPacks += number - packsInFlight;
    }
    await killUpload(world, 'journal', 1);
    const sent = takeSentPacks(world.proxy);
    expect(sent.bytes).toBeGreaterThan(0);
    expect(sent.bytes).toBeLessThan(dataBytes * slack - knownPacks * packBytes);

    await world.program.sync('alice');
    expect(takeSentPacks(world.proxy), 'all packs were stored').toEqual({ count: 0, bytes: 0 });
    expect(packBytesIn(world)).toBeLessThan(dataBytes * slack + killedAtPack.length * packsInFlight * packMaxBytes);
    expect(describeFolder(world.program.at('alice'))).toEqual(before);
    await checkWhole(world);
  },
);
