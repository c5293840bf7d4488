import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Program } from '../demo/program.ts';

interface World {
  readonly program: Program;
  readonly place: string;
  readonly settle: () => Promise<void>;
  readonly read: (device: 'ann' | 'bob') => Record<string, string>;
}

const places: string[] = [];

afterEach(() => {
  for (const place of places.splice(0)) fs.rmSync(place, { recursive: true, force: true });
});

/** Two devices in sync over a store in a folder; the first began with these files. */
async function twoDevices(files: Record<string, string>): Promise<World> {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-decide-'));
  places.push(place);
  const program = new Program(place);
  const url = `file://${place}/store`;
  const settle = async (): Promise<void> => {
    for (const device of ['ann', 'bob', 'ann']) await program.run(device, ['sync', '--quiet']);
  };
  for (const name of ['store', 'ann']) fs.mkdirSync(path.join(place, name));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(place, 'ann', name), text);
  const { recoveryKey } = await program.init('ann', url, path.join(place, 'ann'));
  await program.join('bob', { url, folder: path.join(place, 'bob'), recoveryKey });
  await settle();
  const read = (device: string): Record<string, string> => {
    const names = fs.readdirSync(path.join(place, device)).filter((name) => name !== '.cachette');
    return Object.fromEntries(names.toSorted().map((name) => [name, fs.readFileSync(path.join(place, device, name), 'utf8')]));
  };
  return { program, place, settle, read };
}

async function withConflicts(names: readonly string[]): Promise<World> {
  const world = await twoDevices(Object.fromEntries(names.map((name) => [name, 'v1'])));
  for (const name of names) {
    fs.writeFileSync(path.join(world.place, 'ann', name), `${name} by ann`);
    fs.writeFileSync(path.join(world.place, 'bob', name), `${name} by bob`);
  }
  await world.settle();
  expect(Object.keys(world.read('ann'))).toHaveLength(names.length * 2);
  return world;
}

async function conflictsOf({ program }: World): Promise<{ readonly id: string; readonly path: string }[]> {
  return JSON.parse(await program.run('ann', ['conflicts', '--json'])) as { id: string; path: string }[];
}

describe('deciding conflicts', () => {
  test('by keeping the copy, the file that has the name, or both: the same on all devices', async () => {
    const world = await withConflicts(['a', 'b', 'c']);
    const [a, b, c] = await conflictsOf(world);
    await world.program.run('ann', ['resolve', a?.id ?? '', '--keep', 'local']);
    await world.settle();
    await world.program.run('bob', ['resolve', b?.id.slice(0, 10) ?? '', '--keep', 'remote']);
    await world.program.run('bob', ['resolve', c?.id ?? '', '--keep', 'both']);
    await world.settle();
    const files = world.read('ann');
    expect(Object.values(files).toSorted()).toEqual(['a by bob', 'b by ann', 'c by ann', 'c by bob']);
    expect([files['a'], files['b'], files['c']]).toEqual(['a by bob', 'b by ann', 'c by ann']);
    expect(world.read('bob')).toEqual(files);
    expect(await conflictsOf(world)).toEqual([]);
  });

  test('all at once', async () => {
    const world = await withConflicts(['a', 'b']);
    expect(await world.program.run('bob', ['resolve', '--all', '--keep', 'local', '--json'])).toBe('{"resolved":2}');
    await world.settle();
    expect(world.read('ann')).toEqual({ a: 'a by bob', b: 'b by bob' });
    expect(world.read('bob')).toEqual(world.read('ann'));
  });

  test('an edit made meanwhile is not lost by the decision', async () => {
    const world = await withConflicts(['a']);
    fs.writeFileSync(path.join(world.place, 'bob', 'a'), 'a by bob, later');
    await world.program.run('ann', ['resolve', '--all', '--keep', 'local']);
    await world.settle();
    await world.settle();
    expect(Object.values(world.read('ann'))).toContain('a by bob, later');
    expect(world.read('bob')).toEqual(world.read('ann'));
  });

  test('an id that names none is said to be none', async () => {
    const { program } = await twoDevices({ a: 'v1' });
    await expect(program.run('ann', ['resolve', 'feed', '--keep', 'both'])).rejects.toThrow('E_NOT_FOUND');
    await expect(program.run('ann', ['resolve', '--keep', 'both'])).rejects.toThrow('ended with 2');
  });
});

describe('deciding a mass change', () => {
  test('sync ends with 7 until it is confirmed, and the list says what would go', async () => {
    const world = await twoDevices(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, `number ${at}`])));
    for (let at = 0; at < 60; at += 1) fs.rmSync(path.join(world.place, 'ann', `f${at}`));
    await expect(world.program.run('ann', ['sync'])).rejects.toThrow('ended with 7');
    expect(JSON.parse(await world.program.run('ann', ['status', '--json']))).toMatchObject({ state: 'held' });
    const listed = JSON.parse(await world.program.run('ann', ['confirm', '--list', '--json'])) as unknown[];
    expect(listed).toHaveLength(60);
    expect(listed[0]).toEqual({ path: 'f0', loss: 'removed-there' });
    await world.program.run('ann', ['confirm']);
    await world.program.run('ann', ['sync']);
    // The other device would lose files too: it asks for itself.
    await expect(world.program.run('bob', ['sync'])).rejects.toThrow('ended with 7');
    await world.program.run('bob', ['confirm', '--reject']);
    await world.settle();
    expect(Object.keys(world.read('ann'))).toHaveLength(101);
    expect(world.read('bob')).toEqual(world.read('ann'));
  });
});
