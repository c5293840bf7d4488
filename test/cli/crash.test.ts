import fs from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { describeFolder, fillFolder } from './describe-folder.ts';
import { Program, type Running } from './program.ts';
import { openTrafficProxy, type TrafficProxy } from './traffic-proxy.ts';

interface World {
  readonly program: Program;
  readonly proxy: TrafficProxy;
  readonly recoveryKey: string;
}

/** alice's folder is filled and linked, by way of a proxy that sees every request; nothing is synced yet. */
async function open(): Promise<World> {
  const program = await Program.open();
  fs.mkdirSync(program.at('alice'));
  fillFolder(program.at('alice'));
  const proxy = await openTrafficProxy(await program.serve());
  return { program, proxy, recoveryKey: await program.init('alice', proxy.url) };
}

/** Kills the run, once, when it makes a request like this: before the server sees it, or when the server has acted. */
function killAt(
  { proxy }: World,
  run: Running,
  when: 'beforeRequest' | 'afterRequest',
  isThis: (method: string, path: string) => boolean,
): void {
  proxy[when] = (method, path) => {
    if (!isThis(method, path)) return;
    proxy[when] = () => {};
    run.child.kill('SIGKILL');
  };
}

const isPack = (method: string, path: string): boolean => method === 'PUT' && path.includes('/packs/');
const isEntry = (method: string, path: string): boolean => method === 'PUT' && path.includes('/journal/');
const isPackRead = (method: string, path: string): boolean => method === 'GET' && path.includes('/packs/');

async function expectAgreement({ program, proxy, recoveryKey }: World, devices: readonly string[]): Promise<void> {
  if (!devices.includes('bob')) await program.join('bob', proxy.url, recoveryKey);
  await program.sync('alice', 'bob', 'alice', 'bob');
  const tree = describeFolder(program.at('alice'));
  expect(describeFolder(program.at('bob'))).toEqual(tree);
  expect(Object.keys(tree).filter((name) => name.includes('conflict'))).toEqual([]);
  for (const device of ['alice', 'bob']) expect(fs.readdirSync(program.at(device, '.cachette/staged'))).toEqual([]);
  expect(await program.json('alice', ['verify', '--data'])).toMatchObject({ damaged: [], files: [] });
}

describe('killed outright while it uploads, the next run ends in agreement', () => {
  test.each<[string, 'beforeRequest' | 'afterRequest', (method: string, path: string) => boolean]>([
    ['before a pack is in the store', 'beforeRequest', isPack],
    ['when a pack is in the store, and nobody knows', 'afterRequest', isPack],
    ['before the entry is in the store', 'beforeRequest', isEntry],
    ['when the entry is in the store, and nobody knows', 'afterRequest', isEntry],
  ])('%s', async (_when, when, isThis) => {
    const world = await open();
    const before = describeFolder(world.program.at('alice'));
    const run = world.program.startOn('alice', ['sync']);
    killAt(world, run, when, isThis);
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await world.program.json('alice', ['status'])).toMatchObject({ state: 'pending' });
    await expectAgreement(world, ['alice']);
    expect(describeFolder(world.program.at('alice'))).toEqual(before);
  });
});

describe('killed outright while it downloads, the next run ends in agreement', () => {
  test.each<[string, 'beforeRequest' | 'afterRequest', (method: string, path: string) => boolean]>([
    ['before the first pack', 'beforeRequest', isPackRead],
    ['after the first pack', 'afterRequest', isPackRead],
    ['when the journal has arrived', 'afterRequest', (method, path) => method === 'GET' && path.includes('/journal/')],
  ])('%s', async (_when, when, isThis) => {
    const world = await open();
    await world.program.sync('alice');
    await world.program.join('bob', world.proxy.url, world.recoveryKey);
    const run = world.program.startOn('bob', ['sync']);
    killAt(world, run, when, isThis);
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
    await expectAgreement(world, ['alice', 'bob']);
  });

  test('when the first files are in place', async () => {
    const world = await open();
    await world.program.sync('alice');
    await world.program.join('bob', world.proxy.url, world.recoveryKey);
    const run = world.program.startOn('bob', ['sync', '--json']);
    await run.line((line) => line.includes('"changed"'));
    run.child.kill('SIGKILL');
    await run.ended;
    await expectAgreement(world, ['alice', 'bob']);
  });
});

test('asked to stop, it ends cleanly, and the next run goes on', async () => {
  const world = await open();
  const run = world.program.startOn('alice', ['sync']);
  world.proxy.beforeRequest = (method, path) => {
    if (!isPack(method, path)) return;
    world.proxy.beforeRequest = () => {}; // asked twice, it would end at once
    run.child.kill('SIGTERM');
  };
  const { code, err } = await run.ended;
  expect({ code, err }).toEqual({ code: 143, err: expect.stringMatching(/^cachette: stopped[^\n]*\n$/) as string });
  await expectAgreement(world, ['alice']);
});

test('a vault whose making was broken off is taken away again', async () => {
  const program = await Program.open();
  fs.mkdirSync(program.at('alice'));
  const proxy = await openTrafficProxy(await program.serve());
  const run = program.startOn('alice', [
    'init',
    '--store',
    proxy.url,
    '--folder',
    program.at('alice'),
    '--no-passphrase',
    '--key-storage',
    'file',
  ]);
  proxy.beforeRequest = async (method, path) => {
    if (method !== 'PUT' || !path.includes('/keys/')) return;
    proxy.beforeRequest = () => {};
    run.child.kill('SIGTERM');
    // Long enough for a program that does not wait for what it sent: that would arrive when it has cleared up and gone.
    await Promise.race([run.ended, setTimeout(2_000)]);
  };
  expect((await run.ended).code).toBe(143);
  await proxy.settle();
  expect(fs.existsSync(program.profile('alice'))).toBe(false);
  expect(fs.readdirSync(program.at('alice'))).toEqual([]);
  await program.init('alice', proxy.url);
});

test('a vault whose making was killed is refused clearly', async () => {
  const program = await Program.open();
  fs.mkdirSync(program.at('alice'));
  const proxy = await openTrafficProxy(await program.serve());
  const args = ['init', '--store', proxy.url, '--folder', program.at('alice'), '--no-passphrase', '--key-storage', 'file'];
  const run = program.startOn('alice', args);
  proxy.afterRequest = (method, path) => {
    if (method === 'PUT' && path.includes('/genesis')) run.child.kill('SIGKILL');
  };
  expect((await run.ended).signal).toBe('SIGKILL');
  expect(await program.on('alice', args)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^cachette: E_STORE_NOT_EMPTY: [^\n]+\n$/) as string,
  });
});
