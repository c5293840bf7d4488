/** Writing a checkpoint: its snapshot first, then the entry that names it. */
import type { CheckpointChange, SeenVector } from '../../../model/change.ts';
import { findEntryNameParts, type NodeId, type StateRoot } from '../../../model/ids.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import type { VersionedNode } from '../../../model/node.ts';
import type { ConflictRecord } from '../../entry/node-record.ts';
import { fetchManifest } from '../../snapshot/read-snapshot.ts';
import type { SnapshotPart } from '../../snapshot/manifest.ts';
import type { PackPlanRecord } from '../../snapshot/snapshot-item.ts';
import { writeSnapshot, type SnapshotSource } from '../../snapshot/write-snapshot.ts';
import { planCheckpoint, usualWorth } from './checkpoint-policy.ts';
import { imagesAt, sumBack, type EarlierImages } from '../fold/earlier-state.ts';
import { conflictFromText } from '../fold/fold-state.ts';
import { floorFromBytes, lastHash } from './floor.ts';
import { snapshotAccess } from './join-start.ts';
import type { JournalDeps } from '../journal-deps.ts';
import type { SnapshotContents } from './snapshot-contents.ts';
import { publishObject } from '../write/publish-object.ts';
import { readSum, rootOf } from '../book-state.ts';
import { checkpointInForce, lastWord } from './settle-floor.ts';
import { waitedFor } from '../arrive/waited-for.ts';

const pageSize = 1000;

/** How far a checkpoint may reach now; undefined where none is worth writing, or another device is about to. */
export function findCheckpointReach({ book, keys, clock, checkpointWorth }: JournalDeps): number | undefined {
  // Whoever wrote last does it: not everybody at once.
  if (book.lastBefore(undefined)?.device !== keys.device) return undefined;
  const { floor, speakers, checkpoint: last } = lastWord(book);
  const skips = speakers.flatMap(({ lamport, statements }) =>
    statements.skips.map((name) => ({ by: lamport, skipped: findEntryNameParts(name)?.lamport ?? 0 })),
  );
  return planCheckpoint({
    last: last === undefined ? { reach: floor.lamport, lamport: 0 } : { reach: last.change.lamport, lamport: last.speaker.lamport },
    heads: waitedFor(book, { activeDevices: keys.current().activeDevices, nowMs: clock.nowMs() }).map(([, head]) => head?.lamport),
    skips,
    worth: checkpointWorth ?? usualWorth,
    sizeAfter: (lamport) => book.sizeAfter(lamport),
  });
}

/** Writes the snapshot of the state at `reach` into the store; the change that then says so. */
export async function writeSnapshotAt(
  deps: JournalDeps,
  contents: SnapshotContents,
  reach: number,
  signal: AbortSignal,
): Promise<CheckpointChange> {
  const { book, sealing, keys, random } = deps;
  const images = imagesAt(book, reach);
  const sum = readSum(sealing.primitives, book);
  sumBack(book, images, sum);
  const root = rootOf(sum);
  const tools = { sealing, keys: keys.epochKeys(keys.current().epoch), random, reusable: await findReusable(deps, signal) };
  const objects = writeSnapshot(tools, sourceOf(book, { images, contents, lamport: reach, root }));
  for (;;) {
    const next = objects.next();
    if (next.done === true) return { do: 'checkpoint', lamport: reach, vector: vectorAt(book, reach), root, snapshot: next.value.name };
    await publishObject(deps, next.value, signal);
  }
}

/** Parts of the last snapshot; none where it can't be had: then all are written anew. */
async function findReusable(deps: JournalDeps, signal: AbortSignal): Promise<readonly SnapshotPart[]> {
  const last = checkpointInForce(deps.book)?.change;
  if (last?.snapshot === undefined) return [];
  try {
    const claim = { name: last.snapshot, lamport: last.lamport, root: last.root };
    return (await fetchManifest(snapshotAccess(deps, signal), claim)).parts;
  } catch {
    // Whatever is wrong with it, a new snapshot does not need it.
    signal.throwIfAborted();
    return [];
  }
}

interface SourceParts {
  readonly images: EarlierImages;
  readonly contents: SnapshotContents;
  readonly lamport: number;
  readonly root: StateRoot;
}

function sourceOf(book: JournalBook, { images, contents, lamport, root }: SourceParts): SnapshotSource {
  const records = (kind: 'conflict' | 'pack-plan' | 'retention'): [string, string][] => {
    const all = new Map(book.records(kind));
    for (const { kind: of, key, value } of images.records.values()) {
      if (of !== kind) continue;
      if (value === undefined) all.delete(key);
      else all.set(key, value);
    }
    return [...all].toSorted(([a], [b]) => (a < b ? -1 : 1));
  };
  const retention = records('retention')[0]?.[1];
  return {
    lamport,
    root,
    retentionDays: retention === undefined ? undefined : (JSON.parse(retention) as number),
    nodes: nodesAt(book, images),
    conflicts: records('conflict').map(([, text]): ConflictRecord => conflictFromText(text)),
    plans: records('pack-plan').map(([version, text]) => ({
      ...(JSON.parse(text) as Omit<PackPlanRecord, 'version'>),
      version: version as PackPlanRecord['version'],
    })),
    packs: contents.packs(),
    contentOf: (content) => contents.contentOf(content),
  };
}

/** The nodes as they were, by id: those touched since stand among the others where their id belongs. */
function* nodesAt(book: JournalBook, { nodes }: EarlierImages): Generator<VersionedNode, void> {
  const earlier = [...nodes].toSorted(([a], [b]) => (a < b ? -1 : 1)).values();
  let waiting = earlier.next();
  let after: NodeId | undefined;
  for (;;) {
    const page = book.nodesAfter(after, pageSize);
    for (const node of page) {
      for (; waiting.done !== true && waiting.value[0] < node.id; waiting = earlier.next())
        if (waiting.value[1] !== undefined) yield waiting.value[1];
      if (!nodes.has(node.id)) yield node;
    }
    after = page.at(-1)?.id;
    if (after === undefined) break;
  }
  for (; waiting.done !== true; waiting = earlier.next()) if (waiting.value[1] !== undefined) yield waiting.value[1];
}

/** The last entry of each device that is not above this Lamport number; one that came too late for the floor counts as seen. */
function vectorAt(book: JournalBook, reach: number): SeenVector {
  const floor = floorFromBytes(book.readFact('floor'));
  const vector = new Map(floor.vector);
  if (floor.hasLate) {
    for (const [device, { counter: last }] of book.heads()) {
      for (let counter = (vector.get(device)?.counter ?? 0) + 1; counter <= last; counter += 1) {
        const late = book.findAt(device, counter);
        if (late !== undefined && late.lamport <= floor.lamport) vector.set(device, { counter, hash: late.hash });
      }
    }
  }
  let page = book.marksAfter({ lamport: floor.lamport, hash: lastHash }, pageSize);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    for (const { lamport, device, counter, hash } of page) {
      if (lamport > reach) return vector;
      vector.set(device, { counter, hash });
    }
    page = book.marksAfter(last, pageSize);
  }
  return vector;
}
