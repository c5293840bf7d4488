/** What a person asks of an agent that brings much, over its control socket: done between two batches, long before all of it has come. */
import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import type * as RestorePath from '../../src/agent/past/restore-path.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Portions } from '../../src/engine/portions.ts';
import type { Store } from '../../src/store/store.ts';
import type { StartedCli } from '../attack/in-process-cli.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));
/** Before anything is brought back. */
const gate = vi.hoisted(() => ({ pass: () => Promise.resolve() }));

vi.mock('../../src/agent/past/restore-path.ts', async (original) => {
  const module = await original<typeof RestorePath>();
  const restorePath: typeof RestorePath.restorePath = async (...asked) => {
    await gate.pass();
    return module.restorePath(...asked);
  };
  return { ...module, restorePath };
});

vi.mock('../../src/engine/portions.ts', async (original) => {
  const { usualPortions } = await original<{ usualPortions: Portions }>();
  return { usualPortions: { ...usualPortions, nodes: 4, batchBytes: 64 * 1024, fetchedFiles: 4 } };
});

/** How the store is: it takes so long for each piece of a pack, or is away. */
const store = vi.hoisted(() => ({ delayMs: 0, isAway: false }));

vi.mock('../../src/agent/store/with-local-room.ts', () => ({ withLocalRoom: troubled }));

function troubled(inner: Store): Store {
  const requireStore = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    if (store.isAway) throw new Failure('E_STORE_UNREACHABLE', 'the store is away');
    return act();
  };
  return {
    label: inner.label,
    get: (name, options) =>
      requireStore(async () => {
        if (name.startsWith('packs/')) await systemClock.sleep(store.delayMs, options.signal);
        return inner.get(name, options);
      }),
    putNew: (name, parts, options) => requireStore(() => inner.putNew(name, parts, options)),
    list: (prefix, options) => requireStore(() => inner.list(prefix, options)),
    delete: (name, options) => inner.delete(name, options),
    putHint: (bytes, options) => inner.putHint(bytes, options),
    getHint: (tag, options) => inner.getHint(tag, options),
    watch: inner.watch?.bind(inner),
    close: () => inner.close(),
  };
}

const filesCount = 120;
const fileBytes = 16 * 1024;
const clock = systemClock;

interface World {
  readonly rig: DeviceRig;
  readonly agent: StartedCli;
  /** How many of the many files bob has. */
  readonly brought: () => number;
}

/** `x` and `y` are in conflict; bob's agent has begun to bring what alice has added since. */
async function whileBringing(prepare: (rig: DeviceRig) => Promise<void> = () => Promise.resolve()): Promise<World> {
  const rig = await DeviceRig.withDevices('alice', 'bob', 'carol');
  for (const name of ['x', 'y']) rig.write('alice', name, 'at first');
  await rig.sync('alice', 'bob');
  for (const device of ['alice', 'bob']) for (const name of ['x', 'y']) rig.write(device, name, `${name} by ${device}`);
  await rig.sync('alice', 'bob', 'alice');
  rig.write('alice', 'x', 'x by alice again');
  await rig.sync('alice', 'bob');
  await prepare(rig);
  fs.mkdirSync(rig.at('alice', 'much'));
  for (let file = 0; file < filesCount; file += 1) fs.writeFileSync(rig.at('alice', 'much', `${file}`), randomBytes(fileBytes));
  await rig.sync('alice');
  store.delayMs = 400;
  const agent = rig.start('bob', ['sync', '--watch', '--json'], { clock });
  await agent.firstLine;
  const much = rig.at('bob', 'much');
  const brought = (): number => (fs.existsSync(much) ? fs.readdirSync(much).length : 0);
  await expect.poll(brought, { timeout: 30_000 }).toBeGreaterThan(2);
  return { rig, agent, brought };
}

async function end(world: World): Promise<void> {
  expect(world.brought(), 'guard').toBeLessThan(filesCount);
  await finish(world);
}

async function finish({ rig, agent, brought }: World): Promise<void> {
  store.delayMs = 0;
  await rig.must('bob', ['sync'], { clock });
  expect(brought()).toBe(filesCount);
  agent.interrupt();
  expect((await agent.ended).exitCode).toBe(0);
  await rig.sync('alice', 'bob');
  const texts = (device: string): Record<string, string> =>
    Object.fromEntries(
      rig.files(device).flatMap((name) => (name === 'much' || name === 'd' ? [] : [[name, fs.readFileSync(rig.at(device, name), 'utf8')]])),
    );
  expect(texts('bob')).toEqual(texts('alice'));
}

test('resolve, restore and devices revoke are done meanwhile', { timeout: 120_000 }, async () => {
  const world = await whileBringing();
  const { rig, brought } = world;
  const [first, second] = await rig.json<{ id: string; path: string }[]>('bob', ['conflicts']);
  rig.write('bob', 'x', 'x by bob, just now');
  await rig.must('bob', ['resolve', first?.id ?? '', '--keep', 'local'], { clock });
  expect(await rig.json<unknown[]>('bob', ['conflicts'])).toHaveLength(1);
  expect((await rig.on('bob', ['resolve', first?.id ?? '', '--keep', 'local'], { clock })).stderr).toContain('no open conflict');
  await rig.must('bob', ['resolve', second?.id ?? '', '--keep', 'remote'], { clock });
  expect(rig.files('bob').filter((name) => name.includes('conflict'))).toEqual([]);
  await rig.must('bob', ['restore', 'y', '--to', 'y before'], { clock });
  expect(fs.readFileSync(rig.at('bob', 'y before'), 'utf8')).toBe('at first');
  await rig.must('bob', ['devices', 'revoke', 'carol'], { clock });
  expect(brought(), 'guard').toBeLessThan(filesCount);
  expect((await rig.on('carol', ['sync'])).exitCode).not.toBe(0);
  await end(world);
});

test('who asks for what needs a pass of its own is told what it waits for', { timeout: 120_000 }, async () => {
  const world = await whileBringing();
  const { rig } = world;
  const verifying = rig.start('bob', ['verify'], { clock });
  await clock.sleep(4_000);
  expect(world.brought(), 'guard').toBeLessThan(filesCount);
  store.delayMs = 0;
  const { exitCode, stderr } = await verifying.ended;
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('the running agent is syncing: this begins when it has finished')]);
  await finish(world);
});

test('a pause holds at once, and so do commands meanwhile; what is left comes when it is over', { timeout: 120_000 }, async () => {
  const world = await whileBringing();
  const { rig, brought } = world;
  await rig.must('bob', ['pause'], { clock });
  await expect.poll(async () => rig.json('bob', ['status'])).toMatchObject({ state: 'paused' });
  const then = brought();
  await clock.sleep(2_000);
  expect([then, brought()]).toEqual([then, then]);
  expect(then, 'guard').toBeLessThan(filesCount);
  rig.write('bob', 'x', 'x by bob, while it rests');
  await rig.must('bob', ['resume'], { clock });
  await expect.poll(brought, { timeout: 30_000 }).toBeGreaterThan(then);
  await end(world);
});

test('a pause lets what a person asked for come to its end', { timeout: 120_000 }, async () => {
  const world = await whileBringing();
  const { rig, brought } = world;
  const [begun, paused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  gate.pass = () => {
    begun.resolve();
    return paused.promise;
  };
  const restoring = rig.start('bob', ['restore', 'y', '--to', 'y before'], { clock });
  await begun.promise;
  const next = rig.start('bob', ['restore', 'x', '--to', 'x before'], { clock });
  await rig.must('bob', ['pause'], { clock });
  paused.resolve();
  for (const { ended } of [restoring, next]) expect(await ended).toMatchObject({ exitCode: 0 });
  const texts = ['x', 'y'].map((name) => fs.readFileSync(rig.at('bob', `${name} before`), 'utf8'));
  expect(texts).toEqual(['x by alice', 'at first']);
  await expect.poll(async () => rig.json('bob', ['status'])).toMatchObject({ state: 'paused' });
  expect(brought(), 'guard').toBeLessThan(filesCount);
  await rig.must('bob', ['resume'], { clock });
  await finish(world);
});

test('a decision that can not be made is refused, and what is being brought goes on', { timeout: 120_000 }, async () => {
  const world = await whileBringing(async (rig) => {
    fs.mkdirSync(rig.at('alice', 'd'));
    rig.write('alice', 'd/in', 'in d');
    rig.write('bob', 'd', 'd by bob');
    await rig.sync('alice', 'bob');
    const copy = rig.files('bob').find((name) => name.startsWith('d (')) ?? '';
    fs.renameSync(rig.at('bob', copy), rig.at('bob', 'd', copy));
    await rig.sync('bob', 'alice');
  });
  const { rig, agent } = world;
  const conflicts = await rig.json<{ id: string; copy: string }[]>('bob', ['conflicts']);
  const id = conflicts.find(({ copy }) => copy.startsWith('d/'))?.id ?? '';
  const refused = await rig.on('bob', ['resolve', id, '--keep', 'local'], { clock });
  expect([refused.exitCode === 0, refused.stderr]).toEqual([false, expect.stringContaining('lies in what is to go')]);
  await end(world);
  expect((await agent.ended).stdout).not.toContain('E_IN_THE_WAY');
});

test('a folder that is left out meanwhile is soon left out, and comes when it is wanted again', { timeout: 120_000 }, async () => {
  const world = await whileBringing();
  const { rig, brought } = world;
  await rig.must('bob', ['selective', 'exclude', 'much'], { clock });
  expect(brought(), 'guard').toBeLessThan(filesCount);
  let most = 0;
  const seen = (): number => {
    most = Math.max(most, brought());
    return brought();
  };
  await expect.poll(seen, { timeout: 20_000 }).toBe(0);
  expect(most).toBeLessThan(filesCount / 2);
  await expect.poll(async () => rig.json('bob', ['status'])).toMatchObject({ state: 'synced' });
  expect(fs.readdirSync(rig.at('alice', 'much'))).toHaveLength(filesCount);
  await rig.must('bob', ['selective', 'include', 'much'], { clock });
  await finish(world);
  expect(fs.readdirSync(rig.at('alice', 'much'))).toHaveLength(filesCount);
});

test('where the store goes away, who asks hears of it, and what is left comes when it is back', { timeout: 120_000 }, async () => {
  const world = await whileBringing();
  const { rig, brought } = world;
  const [first] = await rig.json<{ id: string }[]>('bob', ['conflicts']);
  store.isAway = true;
  const refused = await rig.on('bob', ['resolve', first?.id ?? '', '--keep', 'local'], { clock });
  expect([refused.exitCode === 0, refused.stderr]).toEqual([false, expect.stringContaining('the store is away')]);
  store.isAway = false;
  const then = brought();
  await expect.poll(brought, { timeout: 30_000 }).toBeGreaterThan(then);
  await rig.must('bob', ['resolve', first?.id ?? '', '--keep', 'local'], { clock });
  await end(world);
  expect(await rig.json<unknown[]>('alice', ['conflicts'])).toHaveLength(1);
});
