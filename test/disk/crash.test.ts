import { describe, expect, test } from 'vitest';
import { type Act, acts, newText, oldText } from '../contract/disk/disk-acts.ts';
import { at } from '../contract/disk/disk-contract.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { linuxPersonality, type Personality, plainPersonality, stickPersonality } from '../world/fake-disk/personality.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { VirtualClock } from '../world/virtual-clock.ts';

const clock = new VirtualClock();
const kinds: readonly [string, Personality][] = [
  ['Linux with native calls', linuxPersonality],
  ['Linux without', plainPersonality],
  ['a stick', stickPersonality],
];

type Blow = (fake: FakeDisk) => void;
const kill: Blow = (fake) => fake.kill();
const losePower =
  (seed: number): Blow =>
  (fake) =>
    fake.losePower(new SeededRandom(seed));

/** Runs the act and strikes before its call `index`; false: it has fewer calls. */
async function strike(fake: FakeDisk, act: Act, index: number, blow: Blow): Promise<boolean> {
  const disk = await fake.open();
  fake.user.makeFolder('folder');
  fake.user.writeFile('folder/item', oldText);
  fake.user.setTime('folder/item', 1_500_000_000_000_000);
  fake.kernel.writeBack();
  const run = await act.prepare(disk);
  await disk.settle();
  let count = 0;
  let struck = false;
  fake.onCall = () => {
    count += 1;
    if (count === index) {
      struck = true;
      blow(fake);
    }
    return undefined;
  };
  const ended = await run()
    .then(() => disk.settle())
    .catch((error: unknown) => error);
  fake.onCall = () => undefined;
  if (struck) expect(ended).toBeInstanceOf(Error);
  const next = await fake.open();
  await next.checkRoot();
  await next.clearStaged();
  return struck;
}

function checkWhole(fake: FakeDisk, act: Act, personality: Personality): void {
  const live = fake.user.texts();
  const standing = [...fake.user.tree()].filter(([, seen]) => seen.kind !== 'folder').map(([path]) => path);
  // Nothing but what was there before or is to be there afterwards, and whole.
  for (const path of standing) expect(['folder/item', act.to]).toContain(path);
  for (const text of Object.values(live)) expect([oldText, newText]).toContain(text);
  expect(fake.user.texts('.cachette/staged')).toEqual({});
  if (act.title.startsWith('replace') || act.title.startsWith('set')) expect(standing).toEqual(['folder/item']);
  if (act.title.startsWith('move')) {
    expect(standing.length).toBeGreaterThan(0);
    if (personality.hasExchange || !personality.hasHardLinks) expect(standing.length).toBe(1);
  }
}

describe.each(kinds)('%s', (_, personality) => {
  test.each(acts)('killed anywhere, every file is whole: $title', async (act) => {
    let index = 1;
    for (let struck = true; struck; index += 1) {
      const fake = new FakeDisk({ clock, random: new SeededRandom(1), personality });
      struck = await strike(fake, act, index, kill);
      checkWhole(fake, act, personality);
      const kept = [...Object.values(fake.user.texts()), ...Object.values(fake.user.texts('.cachette/trash'))];
      // Freed only when nothing stands there any more.
      if (act.frees !== true || fake.user.exists('folder/item')) expect(kept).toContain(oldText);
    }
    expect(index).toBeGreaterThan(8);
  });

  test.each(acts)('without power anywhere, every file is whole: $title', async (act) => {
    for (let seed = 1; seed <= 8; seed += 1) {
      for (let index = 1, struck = true; struck; index += 1) {
        const fake = new FakeDisk({ clock, random: new SeededRandom(1), personality });
        struck = await strike(fake, act, index, losePower(seed * 997 + index));
        checkWhole(fake, act, personality);
      }
    }
  });

  test.each(acts)('what was settled outlives the power: $title', async (act) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const fake = new FakeDisk({ clock, random: new SeededRandom(1), personality });
      expect(await strike(fake, act, 10_000, kill)).toBe(false);
      const before = fake.user.tree();
      const trashed = Object.values(fake.user.texts('.cachette/trash'));
      fake.losePower(new SeededRandom(seed));
      expect(fake.user.tree()).toEqual(before);
      expect(Object.values(fake.user.texts('.cachette/trash'))).toEqual(trashed);
      const isRefused = act.title.endsWith('by a link') && !personality.hasLinks;
      if ((!isRefused && act.title.startsWith('replace')) || act.title.startsWith('remove')) expect(trashed).toEqual([oldText]);
      if (act.frees === true) expect([...before.keys(), ...trashed]).toEqual(['folder']);
    }
  });
});

test('the fake does lose what nobody made durable', async () => {
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 200; seed += 1) {
    const fake = new FakeDisk({ clock, random: new SeededRandom(1) });
    await fake.open();
    fake.user.writeFile('old', 'before');
    fake.kernel.writeBack();
    fake.user.writeFile('old', 'after!!');
    fake.user.writeFile('new', 'text');
    fake.losePower(new SeededRandom(seed));
    outcomes.add(JSON.stringify(fake.user.texts()));
  }
  expect(outcomes.size).toBeGreaterThan(6);
  expect(outcomes).toContain('{"old":"before"}');
  expect(outcomes).toContain('{"new":"text","old":"after!!"}');
  expect([...outcomes].some((outcome) => outcome.includes('"new":""'))).toBe(true);
});

test('a renamed file is never in two places, nor in none, after a power cut', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const fake = new FakeDisk({ clock, random: new SeededRandom(1) });
    await fake.open();
    fake.user.makeFolder('a');
    fake.user.makeFolder('b');
    fake.user.writeFile('a/file', 'text');
    fake.kernel.writeBack();
    fake.user.rename('a/file', 'b/file');
    fake.user.rename('b/file', 'b/other');
    fake.losePower(new SeededRandom(seed));
    expect(Object.values(fake.user.texts())).toEqual(['text']);
  }
});

test('a dead process can do nothing more', async () => {
  const fake = new FakeDisk({ clock, random: new SeededRandom(1) });
  const disk = await fake.open();
  fake.kill();
  await expect(disk.makeFolder(at('folder'))).rejects.toMatchObject({ code: 'E_DISK' });
  expect(fake.user.exists('folder')).toBe(false);
});
