import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openStore } from '../../src/store/open-store.ts';
import { parseStoreUrl } from '../../src/store/parse-store-url.ts';
import { runInProcess } from '../attack/in-process-cli.ts';
import { describeFolder } from '../cli/describe-folder.ts';
import { Program, type Running } from '../cli/program.ts';
import { SeededChoice } from '../world/seeded-choice.ts';
import { describeServers } from './describe-servers.ts';
import { type Fate, type LossyProxy, openLossyProxy } from './lossy-proxy.ts';
import type { ServerKind, ServerUnderTest } from './server-kind.ts';

const isFull = process.env['CACHETTE_SERVERS_SIZE'] === 'full';
/** Times that all devices write at once. */
const rounds = isFull ? 10 : 2;
/** In the folder that is interrupted. */
const manyFiles = isFull ? 10_000 : 300;
const lossRate = 0.15;

/** A third of all listings is late: after so many it is the same as never that a device has not seen all. */
const latePasses = 20;

const devices = ['ann', 'bob', 'cem', 'dee', 'eve'] as const;

interface Version {
  readonly version: string;
  readonly deleted: boolean;
}

/** The command line of one device, in this process. */
async function run<Result>(program: Program, device: string, args: readonly string[]): Promise<Result> {
  const { exitCode, stdout, stderr } = await runInProcess(['--profile', program.profile(device), ...args, '--json']);
  if (exitCode !== 0) throw new Error(`${device} ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Result;
}

/** A pass of a device. A store that stays away over all tries (exit code 4) is tried by the next run, as a timer would. */
async function sync(program: Program, device: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { exitCode, stderr } = await runInProcess(['--profile', program.profile(device), 'sync', '--quiet']);
    if (exitCode === 0) return;
    if (exitCode !== 4 || tries === 20) throw new Error(`${device} ended with ${exitCode}: ${stderr}`);
  }
}

function write(program: Program, device: string, file: string, content: string | Uint8Array): void {
  const target = program.at(device, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
}

/** Loses answers, and here and there a request, in an order that the seed decides. */
function losing(seed: number): () => Fate {
  const choice = new SeededChoice(seed);
  return () => {
    const drawn = choice.fraction();
    if (drawn < lossRate) return 'lose-reply';
    return drawn < lossRate + 0.03 ? 'lose-request' : 'pass';
  };
}

/** What the store lists; where many a listing is late, what a number of them say together. */
async function journalNames(url: string, { listsLate = false }: ServerKind): Promise<readonly string[]> {
  const store = await openStore(parseStoreUrl(url), { clock: systemClock, random: systemRandom });
  const all = new Set<string>();
  for (let listing = 0; listing < (listsLate ? latePasses : 1); listing += 1) {
    let after: string | undefined;
    for (let more = true; more;) {
      const page = await store.list('journal/', { after, limit: 1000 });
      for (const name of page.names) all.add(name);
      after = page.names.at(-1);
      more = page.more;
    }
  }
  await store.close();
  return [...all];
}

/** Passes of all, in turn: two, or where listings are late as many as it takes, within reason. */
async function settle(program: Program, all: readonly string[], { listsLate = false }: ServerKind): Promise<void> {
  for (let pass = 0; pass < (listsLate ? latePasses : 2); pass += 1) {
    for (const device of all) await sync(program, device);
    const [first, ...others] = all.map((device) => JSON.stringify(describeFolder(program.at(device))));
    if (listsLate && others.every((other) => other === first)) return;
  }
}

describeServers((kind, server) => {
  test('five devices write at once while answers are lost, and nothing is lost or comes twice', async () => {
    const program = await Program.open();
    const proxy = await openLossyProxy();
    const url = await server().newStoreUrl();
    const recoveryKey = await program.init('ann', proxy.via(url));
    proxy.fate = losing(20_260_102);
    for (const device of devices.slice(1)) await program.join(device, proxy.via(url), recoveryKey);
    const written: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const device of devices) {
        // One file that is edited each time, one that is new each time, and one in a folder that all make at once.
        for (const file of [`${device}.txt`, `${device}-${round}.txt`, `shared-${round}/${device}.bin`]) {
          write(program, device, file, `${device} ${round} ${file}\n`.repeat(500));
          written.push(file);
        }
      }
      await Promise.all(devices.map((device) => sync(program, device)));
    }
    await settle(program, devices, kind);
    expect(proxy.counts['lose-reply']).toBeGreaterThan(10);

    const tree = describeFolder(program.at('ann'));
    expect(
      Object.keys(tree)
        .filter((name) => tree[name] !== 'folder')
        .toSorted(),
    ).toEqual([...new Set(written)].toSorted());
    for (const device of devices) expect(describeFolder(program.at(device))).toEqual(tree);
    proxy.fate = () => 'pass';
    const { entries } = await run<{ entries: number }>(program, 'ann', ['verify', '--data']);
    const names = await journalNames(url, kind);
    // One that nobody counts was given up by its author and taken back; here none has to be.
    expect(names).toHaveLength(entries);
    for (const device of devices) {
      expect(await run(program, device, ['verify'])).toMatchObject({ entries, damaged: [], files: [] });
      expect(await run<readonly Version[]>(program, 'eve', ['history', `${device}.txt`])).toHaveLength(rounds);
    }
  });

  test(`two devices sync ${manyFiles} files, and survive that client and server are killed`, async () => {
    const program = await Program.open();
    const proxy = await openLossyProxy();
    const url = proxy.via(await server().newStoreUrl());
    const recoveryKey = await program.init('ann', url);
    for (let file = 0; file < manyFiles; file += 1)
      write(program, 'ann', `d${file % 20}/f${file}.txt`, `content of ${file} `.repeat(1 + (file % 40)));
    // Enough for more packs than one.
    for (let file = 0; file < 6; file += 1) write(program, 'ann', `large${file}.bin`, noise(file, 4_000_000));
    await interrupt(program, proxy, 'ann', server());
    await program.join('bob', url, recoveryKey);
    await interrupt(program, proxy, 'bob', server());
    await settle(program, ['ann', 'bob'], kind);
    const tree = describeFolder(program.at('ann'));
    expect(Object.keys(tree).length).toBe(manyFiles + 6 + 20);
    expect(describeFolder(program.at('bob'))).toEqual(tree);
    expect(await run(program, 'bob', ['verify', '--data'])).toMatchObject({ damaged: [], files: [] });
  });
});

/** Runs of `sync` that are killed after ever more requests, or whose server is, until one gets through. */
async function interrupt(program: Program, proxy: LossyProxy, device: string, server: ServerUnderTest): Promise<void> {
  for (const [victim, request] of [
    ['client', 3],
    ['server', 6],
    ['client', 9],
    ['server', 12],
  ] as const) {
    const running = program.startOn(device, ['sync']);
    const atRequest = afterRequests(proxy, request);
    const first = await Promise.race([atRequest, running.ended]);
    if (first !== 'reached') continue; // it was done before
    await (victim === 'client' ? killClient(running) : killServer(server, running));
  }
  await program.sync(device);
}

/** Resolves when so many requests came; that one is not handed on. */
function afterRequests(proxy: LossyProxy, count: number): Promise<'reached'> {
  return new Promise((resolve) => {
    let left = count;
    proxy.fate = () => {
      left -= 1;
      if (left !== 0) return 'pass';
      proxy.fate = () => 'pass';
      resolve('reached');
      return 'lose-request';
    };
  });
}

async function killClient(running: Running): Promise<void> {
  running.child.kill('SIGKILL');
  await running.ended;
}

/** The run goes on with the server that comes back, or ends with the store away, and nothing worse. */
async function killServer(server: ServerUnderTest, running: Running): Promise<void> {
  await server.kill();
  await server.restart();
  const { code, err } = await running.ended;
  if (code !== 0 && code !== 4) throw new Error(`it ended with ${code ?? ''}: ${err}`);
}

/** Bytes that don't compress, the same for the same seed. */
function noise(seed: number, length: number): Uint8Array {
  const choice = new SeededChoice(seed);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = choice.below(256);
  return bytes;
}
