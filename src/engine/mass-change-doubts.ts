/** What has to be read before the brake can count: whether a touched file has other content, and a new one that of a vanished one. */
import type { NodeId } from '../model/ids.ts';
import type { DirtyNode } from '../index/dirty-set.ts';
import type { SyncIndex } from '../index/sync-index.ts';
import { massChangeFolderFiles } from '../planner/mass-change.ts';
import { lossOf, recordsOf, type Records } from './mass-change-guard.ts';
import type { ReadOperation } from './read-files.ts';

const pageNodes = 5_000;
/** Half of a folder that is large enough to be asked about. */
const fewFiles = massChangeFolderFiles / 2;

/**
 * The files to read, in portions that are read before the next is asked for. Few that were touched are no mass change, and are read
 * when their turn comes; and so are new ones where few are gone.
 */
export function* findDoubtful(index: SyncIndex, epoch: number): Generator<readonly ReadOperation[], void> {
  const { edited, lost, vanished } = weigh(index);
  const isManyEdited = edited > 0 && edited + lost > fewFiles;
  const isManyGone = vanished.size > 0 && lost + index.massChange.countHeld() > fewFiles;
  if (!isManyEdited && !isManyGone) return;
  for (const page of openNodes(index, (after) => index.dirty.take(pageNodes, after))) {
    const reads: ReadOperation[] = [];
    for (const [node, records] of page) {
      const knownIn = isManyGone ? vanished.get(findNewSize(records) ?? -1) : undefined;
      if (isManyEdited && isEditedUnread(records)) reads.push({ do: 'read', node, ...readingOf(records, epoch) });
      else if (knownIn !== undefined) reads.push({ do: 'read', node, how: knownIn === epoch ? 'upload' : 'hash', epoch: knownIn });
    }
    if (reads.length > 0) yield reads;
  }
}

interface Weights {
  readonly edited: number;
  readonly lost: number;
  /** By the sizes of files that vanished from here: the epoch in whose terms one of that size is known. */
  readonly vanished: ReadonlyMap<number, number>;
}

function weigh(index: SyncIndex): Weights {
  const vanished = new Map<number, number>();
  let edited = 0;
  let lost = 0;
  for (const page of openNodes(index, (after) => index.dirty.takeKnown(pageNodes, after))) {
    for (const [, records] of page) {
      if (isEditedUnread(records)) edited += 1;
      const loss = lossOf(records);
      if (loss !== undefined) lost += 1;
      const was = records.base?.state;
      if (loss === 'removed-there' && was?.kind === 'file') vanished.set(was.content.sizeBytes, was.content.epoch);
    }
  }
  return { edited, lost, vanished };
}

/** Those that disagree and are not held, page by page. */
function* openNodes(
  index: SyncIndex,
  take: (after: number | undefined) => readonly DirtyNode[],
): Generator<readonly (readonly [NodeId, Records])[], void> {
  let after: number | undefined;
  for (let page = take(after); page.length > 0; page = take(after)) {
    after = page.at(-1)?.seq;
    yield page.filter(({ id }) => !index.leftOut.has(id)).map(({ id }) => [id, recordsOf(index, id)]);
  }
}

/** Whether a file that both sides know was touched here, and not read since. */
function isEditedUnread({ local, base }: Records): boolean {
  return local?.state.kind === 'file' && local.state.content === undefined && base !== undefined;
}

/**
 * In terms of the content that it had, where it may have that still: what is merely touched shows by that alone. Else its new
 * content can be stored at once.
 */
function readingOf({ local, base }: Records, epoch: number): Pick<ReadOperation, 'how' | 'epoch'> {
  const was = base?.state.kind === 'file' ? base.state.content : undefined;
  const isOfOther = was !== undefined && was.epoch !== epoch && local?.state.kind === 'file' && local.state.sizeBytes === was.sizeBytes;
  return isOfOther ? { how: 'hash', epoch: was.epoch } : { how: 'upload', epoch };
}

/** The size of a file that is new here and was not read yet. */
function findNewSize({ local, base, remote }: Records): number | undefined {
  if (base !== undefined || remote !== undefined || local?.state.kind !== 'file' || local.state.content !== undefined) return undefined;
  return local.state.sizeBytes;
}
