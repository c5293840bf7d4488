import { describe, expect, test } from 'vitest';
import { type Act, acts, besideText, newText, oldText } from '../contract/disk/disk-acts.ts';
import { at } from '../contract/disk/disk-contract.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import {
  linuxPersonality,
  nativePersonality,
  type Personality,
  plainPersonality,
  stickPersonality,
} from '../world/fake-disk/personality.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { VirtualClock } from '../world/virtual-clock.ts';

const clock = new VirtualClock();
const kinds: readonly [string, Personality][] = [
  ['Linux with native calls', linuxPersonality],
  ['Linux with native calls that take many', nativePersonality],
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
  const { [act.beside ?? '']: beside = besideText, ...live } = fake.user.texts();
  expect(beside).toBe(besideText);
  const standing = [...fake.user.tree()].filter(([, seen]) => seen.kind !== 'folder').map(([path]) => path);
  // Nothing but what was there before or is to be there afterwards, and whole.
  for (const path of standing) expect(['folder/item', act.to, act.beside]).toContain(path);
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

/** Calls after his write within which the end comes: more than lie between a look and what becomes of what was taken. */
const endWithin = 6;

/** He writes before one call, and the end comes before a later one. What he wrote; undefined: the act is over before. */
async function writeAndStrike(
  fake: FakeDisk,
  act: Act,
  moments: { readonly write: number; readonly end: number; readonly how?: (fake: FakeDisk) => string },
  blow: Blow,
): Promise<string | undefined> {
  const disk = await fake.open();
  await disk.clearStaged();
  fake.user.makeFolder('folder');
  fake.user.writeFile('folder/item', oldText);
  fake.kernel.writeBack();
  const run = await act.prepare(disk);
  await disk.settle();
  let count = 0;
  let written: string | undefined;
  fake.onCall = () => {
    count += 1;
    if (count === moments.write) written = (moments.how ?? writeDurably)(fake);
    if (count === moments.end) blow(fake);
    return undefined;
  };
  await run()
    .then(() => disk.settle())
    .catch(() => undefined);
  fake.onCall = () => undefined;
  const next = await fake.open();
  await next.clearStaged();
  await next.settle();
  return count < moments.write ? undefined : (written ?? '');
}

/** As a careful program does; '' where the file is not there at that moment. */
function writeDurably(fake: FakeDisk): string {
  const item = fake.user.find('folder/item');
  if (item === undefined || fake.user.readText('folder/item') !== oldText) return '';
  fake.user.writeFile('folder/item', 'by a user');
  item.keep();
  return 'by a user';
}

/** A folder in the file's place, with a file in it; '' as above. */
function makeFolderInstead(fake: FakeDisk): string {
  const item = fake.user.find('folder/item');
  if (item?.kind !== 'file' || fake.user.readText('folder/item') !== oldText) return '';
  fake.user.remove('folder/item');
  fake.user.makeFolder('folder/item');
  fake.user.writeFile('folder/item/inside', 'by a user');
  return 'by a user';
}

/**
 * Without a swap of two names a replaced file has a second name in the passage that a power cut may take back, where a file
 * system does not keep the order of such changes; without hard links what is written between two calls is gone
 * (replace-item.ts says so).
 */
function blowsFor({ title }: Act, { hasExchange, hasHardLinks }: Personality, seed: number): readonly Blow[] {
  const powerCuts = [losePower(seed), losePower(seed + 1)];
  if (hasExchange || !title.startsWith('replace')) return [kill, ...powerCuts];
  return hasHardLinks ? [kill] : [];
}

describe.each(kinds)('%s: what a user writes at the last moment, and the end comes before anybody looks', (_, personality) => {
  test.each(acts)('is in the folder, not in the trash alone: $title', async (act) => {
    let tried = 0;
    for (let write = 1, isOver = blowsFor(act, personality, 1).length === 0; !isOver; write += 1) {
      for (let end = write; !isOver && end <= write + endWithin; end += 1) {
        for (const blow of blowsFor(act, personality, write * 997 + end)) {
          const fake = new FakeDisk({ clock, random: new SeededRandom(1), personality });
          const written = await writeAndStrike(fake, act, { write, end }, blow);
          isOver ||= written === undefined;
          tried += 1;
          const texts = Object.values(fake.user.texts());
          if (written !== undefined && written !== '')
            expect({ write, end, texts }).toHaveProperty('texts', expect.arrayContaining([written]));
          expect(fake.user.texts('.cachette/passage')).toEqual({});
        }
      }
    }
    expect(tried > endWithin).toBe(blowsFor(act, personality, 1).length > 0);
  });
});

describe.each(kinds)(
  '%s: a user puts a folder in the place of a file at the last moment, and the end comes before anybody looks',
  (_, personality) => {
    test.each(acts)('it is in the folder, with all that is in it: $title', async (act) => {
      let tried = 0;
      for (let write = 1, isOver = false; !isOver; write += 1) {
        for (let end = write; !isOver && end <= write + endWithin; end += 1) {
          const fake = new FakeDisk({ clock, random: new SeededRandom(1), personality });
          const written = await writeAndStrike(fake, act, { write, end, how: makeFolderInstead }, kill);
          isOver = written === undefined;
          tried += 1;
          const texts = Object.values(fake.user.texts());
          if (written !== undefined && written !== '')
            expect({ write, end, texts }).toHaveProperty('texts', expect.arrayContaining([written]));
        }
      }
      expect(tried).toBeGreaterThan(endWithin);
    });
  },
);

/** As `writeDurably`, into a file that gets a second name elsewhere. */
function writeLinked(fake: FakeDisk): string {
  const item = fake.user.find('folder/item');
  if (item?.kind !== 'file' || fake.user.readText('folder/item') !== oldText) return '';
  fake.user.hardLink('folder/item', 'elsewhere');
  return writeDurably(fake);
}

describe.each(kinds.filter(([, { hasHardLinks }]) => hasHardLinks))(
  '%s: a user writes into a file of two names at the last moment, and the end comes before anybody looks',
  (_, personality) => {
    test.each(acts)('it is in the folder under both: $title', async (act) => {
      let tried = 0;
      for (let write = 1, isOver = false; !isOver; write += 1) {
        for (let end = write; !isOver && end <= write + endWithin; end += 1) {
          const fake = new FakeDisk({ clock, random: new SeededRandom(1), personality });
          const written = await writeAndStrike(fake, act, { write, end, how: writeLinked }, kill);
          isOver = written === undefined;
          tried += 1;
          const { elsewhere, ...texts } = fake.user.texts();
          if (written === undefined || written === '') continue;
          expect(elsewhere).toBe(written);
          expect({ write, end, texts: Object.values(texts) }).toHaveProperty('texts', expect.arrayContaining([written]));
        }
      }
      expect(tried).toBeGreaterThan(endWithin);
    });
  },
);

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
