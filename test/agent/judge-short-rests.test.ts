/** Which files need not rest, by what is known of them. */
import { expect, onTestFinished, test } from 'vitest';
import { HintBook } from '../../src/agent/folder/hint-book.ts';
import { judgeShortRests, shortRests } from '../../src/agent/folder/judge-short-rests.ts';
import type { DiskPath, Observed } from '../../src/disk/disk.ts';
import { defaultIgnoreRules, IgnoreRules, ignoreFileName } from '../../src/disk/ignore-rules.ts';
import { FolderRules } from '../../src/engine/scan/folder-rules.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { NodeName } from '../../src/model/name.ts';
import { fileState, localNode, nodeId, versionedNode } from '../index/sample-nodes.ts';

const note = 'note.txt' as DiskPath;
const aside = 'note.txt~' as DiskPath;

/** A folder in which the note is known, and a book of hints about it. */
function openFolder(restMs = 2000): {
  readonly hints: HintBook;
  readonly disk: Map<DiskPath, Observed>;
  readonly known: Observed;
  readonly passes: (nowMs: number) => Promise<readonly DiskPath[] | 'anywhere'>;
} {
  const index = SyncIndex.open(':memory:');
  onTestFinished(() => index.close());
  const rules = new FolderRules(new IgnoreRules(defaultIgnoreRules), { name: ignoreFileName as NodeName, maxBytes: 1024 });
  const id = nodeId('note');
  const state = fileState(note);
  const row = localNode(id, state);
  index.local.write(row);
  index.base.write(versionedNode(id, state));
  index.remote.write(versionedNode(id, state));
  const { identity, fingerprint } = row;
  const known: Observed = { kind: 'file', identity, fingerprint, sizeBytes: 4, mtimeUs: 5, executable: false, device: '', target: '' };
  const disk = new Map([[note, known]]);
  const hints = new HintBook({ restMs, patienceMs: 30_000, short: restMs === 2000 ? shortRests : undefined });
  const look = (path: DiskPath): Promise<Observed | undefined> => Promise.resolve(disk.get(path));
  const passes = async (nowMs: number): Promise<readonly DiskPath[] | 'anywhere'> => {
    await judgeShortRests(hints, { index, rules, disk: { look } }, () => nowMs);
    return hints.takeDue(nowMs);
  };
  return { hints, disk, known, passes };
}

test.each([2000, 100])('a file that was opened for writing and closed as it was is looked at, and no more (rest %d ms)', async (restMs) => {
  const { hints, disk, known, passes } = openFolder(restMs);
  for (let nowMs = 0; nowMs < 60_000; nowMs += 250) {
    hints.add(note, nowMs, 'closed');
    expect([await passes(nowMs + 200), hints.waiting]).toEqual([[], 0]);
  }
  expect(await passes(62_000)).toEqual([]);
  // Written through memory: nothing else tells.
  disk.set(note, { ...known, fingerprint: 'another' });
  hints.add(note, 70_000, 'closed');
  expect(await passes(70_000 + Math.min(restMs, 200))).toEqual([note]);
});

test('a file that was changed, then opened and closed, is taken', async () => {
  const { hints, passes } = openFolder();
  hints.add(note, 0, 'closed');
  hints.add(note, 5);
  hints.add(note, 10, 'closed');
  expect([hints.waiting, await passes(30)]).toEqual([1, [note]]);
});

test('what an editor moved aside is no file with another name before it had time to write it anew', async () => {
  const { hints, disk, known, passes } = openFolder();
  disk.delete(note);
  disk.set(aside, known);
  hints.add(note, 0);
  hints.add(aside, 0, 'arrived');
  hints.add(note, 1);
  expect(await passes(60)).toEqual([]);
  disk.set(note, { ...known, identity: 'another' });
  disk.delete(aside);
  hints.add(note, 100);
  hints.add(note, 100, 'closed');
  hints.add(aside, 101);
  expect(await passes(130)).toEqual([note]);
  expect(await passes(2500)).toEqual([aside]);
});

test('what a program wrote beside and moved there is whole, and so is what a person moved, a little later', async () => {
  const { hints, disk, known, passes } = openFolder();
  disk.set(note, { ...known, identity: 'another' });
  hints.add(note, 0, 'arrived');
  expect(await passes(20)).toEqual([note]);
  disk.set(aside, known);
  hints.add(aside, 5000, 'arrived');
  expect([await passes(5149), await passes(5150)]).toEqual([[], [aside]]);
});
