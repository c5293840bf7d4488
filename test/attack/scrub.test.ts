/** A31: what the store lost shows by itself, with the files that it touches, although nobody asks for them. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { scrubEveryMs } from '../../src/agent/verify/scrub.ts';
import { folderState } from './folder-state.ts';
import { clockShift } from './in-process-cli.ts';
import { mirrorFolder } from './mirror-folder.ts';
import { openVault } from './open-vault.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();

const saved = `${fixture.path()} with six packs`;
const lost = ['file 2', 'file 5'] as const;
const packs = new Map<string, readonly string[]>();

beforeAll(async () => {
  fixture.restore('agreed');
  for (let number = 1; number <= 6; number += 1) {
    const before = new Set(fixture.store.names());
    fs.writeFileSync(path.join(fixture.folder('laptop'), `file ${number}`), randomBytes(20_000 + number));
    await fixture.must('laptop', 'sync');
    packs.set(
      `file ${number}`,
      fixture.store.below('packs/').filter((name) => !before.has(name)),
    );
  }
  await fixture.must('desk', 'sync');
  await fixture.must('laptop', 'sync');
  execFileSync('cp', ['-a', fixture.path(), saved]);
});

beforeEach(() => {
  mirrorFolder(saved, fixture.path());
});

afterEach(() => {
  clockShift.ms = 0;
});

/** The longest time between two looks, and what a look at a missing pack waits, which these clocks pass over: half of the runs would come too early. */
const stepMs = 12 * 60 * 60 * 1000 + 60_000;

/** One after the other until every pack had its turn; how each run ended. */
async function live(): Promise<number[]> {
  const ends: number[] = [];
  for (let run = 0; run < fixture.store.below('packs/').length + 4; run += 1) {
    clockShift.ms += stepMs;
    ends.push((await fixture.cli('laptop', 'sync')).exitCode);
  }
  return ends;
}

async function problems(): Promise<{ code: string; path: string; message: string; action: string }[]> {
  return JSON.parse(await fixture.must('laptop', 'problems', '--json')) as {
    code: string;
    path: string;
    message: string;
    action: string;
  }[];
}

const lostPacks = (): string[] => lost.flatMap((file) => packs.get(file) ?? []);

describe('A31: packs that are gone or rotten, and a device that only syncs', () => {
  test('guard: while all is well nothing is found', async () => {
    expect(new Set(await live())).toEqual(new Set([0]));
    expect(await problems()).toEqual([]);
  });

  test('exactly the files that are concerned are listed, none is touched, and a repair ends it', async () => {
    for (const name of lostPacks()) fixture.store.remove(name);
    const before = folderState(fixture.folder('laptop'));
    const ends = await live();
    expect(folderState(fixture.folder('laptop'))).toEqual(before);
    expect(ends.at(-1)).toBe(5);
    const found = await problems();
    expect(found.map(({ code, path: at }) => `${code} ${at}`)).toEqual(lost.map((file) => `E_MISSING ${file}`));
    expect(found[0]).toMatchObject({
      message: expect.stringMatching(/^the store does not hold its content any more .*packs\//) as string,
      action: expect.stringContaining('verify --repair') as string,
    });
    expect(await fixture.must('laptop', 'verify', '--repair', '--json')).toContain('"damaged":[]');
    expect(await problems()).toEqual([]);
    expect((await fixture.cli('laptop', 'sync')).exitCode).toBe(0);
  });

  test('a pack that is shorter, or another one, is found as well', async () => {
    const [first = '', second = ''] = lostPacks();
    fixture.store.write(first, fixture.store.read(first).subarray(0, -1));
    const bytes = fixture.store.read(second);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    fixture.store.write(second, bytes);
    await live();
    expect((await problems()).map(({ path: at }) => at)).toEqual([...lost]);
  });

  test('what the store has again is forgotten by itself', async () => {
    const kept = new Map(lostPacks().map((name) => [name, fixture.store.read(name)]));
    for (const name of kept.keys()) fixture.store.remove(name);
    await live();
    expect(await problems()).toHaveLength(2);
    for (const [name, bytes] of kept) fixture.store.write(name, bytes);
    const ends = await live();
    expect(ends.at(-1)).toBe(0);
    expect(await problems()).toEqual([]);
  });
});

test('A31: looks are as many as the packs need in a month, never more than four a minute, and one in half a day at least', () => {
  const hourMs = 60 * 60 * 1000;
  expect(scrubEveryMs(0)).toBe(12 * hourMs);
  expect(scrubEveryMs(720)).toBe(hourMs);
  expect(scrubEveryMs(10_000_000)).toBe(15_000);
});
