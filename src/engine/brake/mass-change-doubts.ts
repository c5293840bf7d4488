/** What has to be read before the brake can count: whether a touched file has other content, and a new one that of a vanished one. */
import type { NodeId } from '../../model/ids.ts';
import type { DirtyNode } from '../../index/nodes/dirty-set.ts';
import type { ContentRef } from '../../model/node.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { massChangeFolderFiles } from '../../planner/mass-change.ts';
import { lossOf, recordsOf, type Records } from './mass-change-guard.ts';
import type { ReadOperation } from '../content/read-files.ts';

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
    const reads = page.flatMap(([node, records]): readonly ReadOperation[] => {
      if (isManyEdited && isEditedUnread(records)) return [{ do: 'read', node, ...readingOf(records, epoch) }];
      return isManyGone ? readNew(index, [node, records], { vanished, epoch }) : [];
    });
    if (reads.length > 0) yield reads;
  }
  // One epoch after the other: a file that is none of those of the first may be one of the next.
  const epochsMax = isManyGone ? Math.max(0, ...[...vanished.values()].map((epochs) => epochs.size)) : 0;
  for (let round = 1; round < epochsMax; round += 1) {
    for (const page of openNodes(index, (after) => index.dirty.take(pageNodes, after))) {
      const reads = page.filter(([, { local }]) => local?.state.kind === 'file' && local.state.content !== undefined);
      const next = reads.flatMap((each) => readNew(index, each, { vanished, epoch }));
      if (next.length > 0) yield next;
    }
  }
}

/** A new file in the terms in which it may be one that vanished and was not read yet; the present ones come last, as it is stored by that. */
function readNew(
  index: SyncIndex,
  [node, records]: readonly [NodeId, Records],
  { vanished, epoch }: Pick<Weights, 'vanished'> & { readonly epoch: number },
): readonly ReadOperation[] {
  const file = findNew(records);
  const known = file === undefined ? undefined : vanished.get(file.sizeBytes);
  if (file === undefined || known === undefined) return [];
  const { content } = file;
  if (content !== undefined && index.base.vanishedWithContent(content.id, 1).length > 0) return [];
  const epochs = [...known].toSorted((a, b) => Number(a === epoch) - Number(b === epoch) || a - b);
  const next = content === undefined ? epochs[0] : epochs[epochs.indexOf(content.epoch) + 1 || epochs.length];
  return next === undefined ? [] : [{ do: 'read', node, how: next === epoch ? 'upload' : 'hash', epoch: next }];
}

interface Weights {
  readonly edited: number;
  readonly lost: number;
  /** By the sizes of files that vanished from here: the epochs in whose terms those of that size are known. */
  readonly vanished: ReadonlyMap<number, ReadonlySet<number>>;
}

function weigh(index: SyncIndex): Weights {
  const vanished = new Map<number, Set<number>>();
  let edited = 0;
  let lost = 0;
  for (const page of openNodes(index, (after) => index.dirty.takeKnown(pageNodes, after))) {
    for (const [, records] of page) {
      if (isEditedUnread(records)) edited += 1;
      const loss = lossOf(records);
      if (loss !== undefined) lost += 1;
      const was = records.base?.state;
      if (loss === 'removed-there' && was?.kind === 'file') noteEpoch(vanished, was.content);
    }
  }
  return { edited, lost, vanished };
}

function noteEpoch(vanished: Map<number, Set<number>>, { sizeBytes, epoch }: ContentRef): void {
  const known = vanished.get(sizeBytes);
  if (known === undefined) vanished.set(sizeBytes, new Set([epoch]));
  else known.add(epoch);
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

/** A file that is new here. */
function findNew({ local, base, remote }: Records): { readonly sizeBytes: number; readonly content: ContentRef | undefined } | undefined {
  if (base !== undefined || remote !== undefined || local?.state.kind !== 'file') return undefined;
  return local.state;
}
