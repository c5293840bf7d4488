import { describe, expect, onTestFinished, test } from 'vitest';
import { HintBook } from '../../src/agent/folder/hint-book.ts';
import { joinMoves } from '../../src/agent/folder/join-moves.ts';
import type { Disk, DiskPath, Observed } from '../../src/disk/disk.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { fileState, localNode, nodeId } from '../index/sample-nodes.ts';

const times = { restMs: 2000, patienceMs: 30_000, short: { restMs: 150, wholeMs: 20 } };
const gone = 'gone' as DiskPath;
const here = 'here' as DiskPath;
const later = 'later' as DiskPath;

type Known = Parameters<typeof joinMoves>[1];

/** Files that are known at these places and stand there no more; what stands elsewhere is each of them, by its identity. */
function knowing(names: readonly string[], identityOf: (path: DiskPath) => string): Known {
  const index = SyncIndex.open(':memory:');
  onTestFinished(() => index.close());
  index.transaction(() => {
    for (const name of names) index.local.write({ ...localNode(nodeId(name), fileState(name)), identity: `identity of ${name}` });
  });
  const look: Disk['look'] = (path) =>
    Promise.resolve(names.includes(path) ? undefined : ({ kind: 'file', identity: identityOf(path) } as Observed));
  return { index, disk: { look } };
}

const known = (identity: string): Known => knowing([gone], () => identity);

/** A hundred and more files that are moved into a folder, one each millisecond. */
function moveMany(many: number): {
  readonly moved: readonly { from: DiskPath; to: DiskPath }[];
  readonly known: Known;
  readonly hints: HintBook;
} {
  const moved = Array.from({ length: many }, (_, at) => ({ from: `${at}` as DiskPath, to: `new/${at}` as DiskPath }));
  const hints = new HintBook({ ...times });
  for (const [at, { from, to }] of moved.entries()) {
    hints.add(from, at);
    hints.add(to, at + 1, 'arrived'); // the clock went on between the two
  }
  const names = moved.map(({ from }) => from);
  return { moved, hints, known: knowing(names, (path) => `identity of ${path.slice('new/'.length)}`) };
}

describe('both places of a move are looked at together', () => {
  test('whichever rests for longer', async () => {
    for (const [first, second] of [
      [gone, here],
      [here, gone],
    ] as const) {
      const hints = new HintBook({ ...times, short: undefined });
      hints.add(first, 0);
      hints.add(second, 3);
      hints.add(second, 900); // touched where it is now
      hints.add(later, 600);
      await joinMoves(hints, known(first === gone ? 'tells' : ''), 2000);
      expect(hints.takeDue(2000)).toEqual([first, second]);
      expect(hints.takeDue(2600)).toEqual([later]);
    }
  });

  test('where a small file rests shortly, on a disk that does not tell it from a new one', async () => {
    for (const [identity, due] of [
      ['', [gone, here]],
      ['tells', [here]],
    ] as const) {
      const hints = new HintBook(times);
      hints.add(gone, 0);
      hints.add(here, 1);
      hints.judge(gone, 'more', 160);
      hints.judge(here, 'enough', 160);
      await joinMoves(hints, known(identity), 160);
      expect(hints.takeDue(160)).toEqual(due);
    }
  });

  test('where a file was written to before it was moved, and is written to since', async () => {
    for (const identity of ['', 'tells']) {
      const hints = new HintBook({ ...times, short: undefined });
      hints.add(gone, 0);
      hints.add(gone, 1000);
      hints.add(here, 1001);
      for (let nowMs = 1500; nowMs < 3000; nowMs += 100) hints.add(here, nowMs);
      await joinMoves(hints, known(identity), 3000);
      expect(hints.takeDue(3000)).toEqual([gone, here]);
    }
  });

  test('where so many are moved that not all of them are due', async () => {
    const { moved, hints, known: all } = moveMany(1000);
    const taken = new Set<DiskPath>();
    for (let nowMs = 2000; !hints.isEmpty; nowMs += 333) {
      await joinMoves(hints, all, nowMs);
      for (const path of hints.takeDue(nowMs)) taken.add(path as DiskPath);
      // Where it stands now tells where it was, but not the other way round.
      expect(moved.filter(({ from, to }) => taken.has(from) && !taken.has(to))).toEqual([]);
    }
  });

  test('where many are moved and written to since; what is only written to goes on resting', async () => {
    const { moved, hints, known: all } = moveMany(100);
    hints.add(later, 50);
    for (const [at, { to }] of moved.entries()) hints.add(to, 1000 + at);
    hints.add(later, 1500);
    await joinMoves(hints, all, 2100);
    const due = new Set(hints.takeDue(2100));
    expect(moved.filter(({ from, to }) => !due.has(from) || !due.has(to))).toEqual([]);
    expect(hints.takeDue(3499)).toEqual([]);
    expect(hints.takeDue(3500)).toEqual([later]);
  });

  test('where it was copied and deleted, as from one disk to another', async () => {
    const sized = (sizeBytes: number): Known => {
      const { index, disk } = known('another');
      const look: Disk['look'] = async (path) => {
        const now = await disk.look(path);
        return now && { ...now, sizeBytes };
      };
      return { index, disk: { look } };
    };
    const { sizeBytes } = fileState(gone).content;
    for (const [size, due] of [
      [sizeBytes, [here, gone]],
      [sizeBytes + 1, [here]],
    ] as const) {
      const hints = new HintBook(times);
      hints.add(here, 0, 'closed');
      hints.add(gone, 1, 'removed');
      hints.judge(here, 'enough', 20);
      await joinMoves(hints, sized(size), 20);
      expect(hints.takeDue(20)).toEqual(due);
    }
  });

  test('but not what has two names and stands under both', async () => {
    const hints = new HintBook({ ...times, short: undefined });
    const index = SyncIndex.open(':memory:');
    onTestFinished(() => index.close());
    const names = ['log', 'linked'].map((name) => name as DiskPath);
    index.transaction(() => {
      for (const name of names) index.local.write({ ...localNode(nodeId(name), fileState(name)), identity: 'both' });
    });
    const look: Disk['look'] = () => Promise.resolve({ kind: 'file', identity: 'both' } as Observed);
    for (let nowMs = 0; nowMs <= 2000; nowMs += 100) for (const name of names) hints.add(name, nowMs);
    hints.add(later, 0);
    await joinMoves(hints, { index, disk: { look } }, 2000);
    expect(hints.takeDue(2000)).toEqual([later]);
  });

  test('without a look at each that is due, where these are many', async () => {
    const hints = new HintBook({ ...times, short: undefined });
    const many = Array.from({ length: 100 }, (_, at) => `${at}` as DiskPath);
    for (const path of many) hints.add(path, 0);
    hints.add(here, 100);
    const { index } = known('tells');
    await joinMoves(hints, { index, disk: { look: () => expect.unreachable() } }, 2000);
    expect(hints.takeDue(2000)).toEqual([...many, here]);
  });
});
