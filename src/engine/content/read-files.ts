/** Reading local files: what their content is, and (for upload) its new chunks into packs. */
import { Failure } from '../../base/failure.ts';
import type { NodeId } from '../../model/ids.ts';
import { localPlaceOf, type LocalNode } from '../../model/node.ts';
import { withKeptMeta } from '../../planner/kept-meta.ts';
import type { Operation } from '../../planner/operation.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findLocalPath } from '../local-path.ts';
import { expectedOf, isSyncable, localRow } from '../local-row.ts';
import { noteProblem } from '../problems.ts';
import type { FileReading, FileToRead, ReadJob, WorkshopHost } from './workshop.ts';

export type ReadOperation = Extract<Operation, { do: 'read' }>;

/** Bytes of one job for the workshop, but for a large file's, which travels alone. */
const jobBytes = 8 * 1024 * 1024;

/** Nobody writes a file twice in less, and has it read in between. */
const shortTickUs = 10_000;

/** What reading came to. */
export interface ReadReport {
  readonly read: number;
  /** Files that were not what they were, or were written to while they were read: look there again. */
  readonly changed: readonly NodeId[];
  /** Files that can't be read: a problem of their own, for which nothing else has to wait. */
  readonly unreadable: readonly NodeId[];
}

/** Reads the files and records their contents. Packs may still be open in the workshop afterwards: `flush` it before building on them. */
export async function readFiles(
  parts: EngineParts,
  operations: readonly ReadOperation[],
  host: WorkshopHost & { readonly signal: AbortSignal },
): Promise<ReadReport> {
  await awaitTick(parts, operations, host.signal);
  const missed: Missed = { changed: [], unreadable: [] };
  const queue = jobs(parts, operations);
  let read = 0;
  let found: FileReading[] = [];
  const record = (atLeast: number): void => {
    if (found.length < atLeast) return;
    const readings = found;
    found = [];
    read += recordReadings(parts, readings, missed);
  };
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && failure === undefined; next = queue.next()) {
      try {
        host.signal.throwIfAborted();
        found.push(...(await parts.workshop.read(next.value, host)));
        record(parts.portions.readings);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: parts.workshop.width }, worker));
  record(1);
  if (failure !== undefined) throw failure.error;
  return { read, ...missed };
}

/** What could not be read as it was expected. */
interface Missed {
  readonly changed: NodeId[];
  readonly unreadable: NodeId[];
}

/**
 * A file written twice within one tick of its disk's clock (two seconds on FAT) looks the same after both. So it is read
 * only when the tick is over: what is written later then shows.
 */
async function awaitTick({ index, clock }: EngineParts, operations: readonly ReadOperation[], signal: AbortSignal): Promise<void> {
  const { mtimeTickUs } = index.traits.current;
  if (mtimeTickUs <= shortTickUs) return;
  const nowUs = clock.nowMs() * 1000;
  let waitUs = 0;
  for (const { node } of operations) {
    const state = index.local.find(node)?.state;
    // Where a time is rounded up, it may still be ahead of us.
    if (state?.kind === 'file' && Math.abs(nowUs - state.mtimeUs) < mtimeTickUs)
      waitUs = Math.max(waitUs, state.mtimeUs + mtimeTickUs - nowUs);
  }
  if (waitUs > 0) await clock.sleep(Math.ceil(waitUs / 1000), signal);
}

function* jobs(parts: EngineParts, operations: readonly ReadOperation[]): Generator<ReadJob> {
  const kinds = new Map<string, ReadOperation[]>();
  for (const operation of operations) {
    const key = `${operation.how} ${operation.epoch}`;
    const alike = kinds.get(key);
    if (alike === undefined) kinds.set(key, [operation]);
    else alike.push(operation);
  }
  for (const kind of kinds.values()) {
    const [first] = kind;
    if (first !== undefined) yield* jobsOfKind(parts, kind, first);
  }
}

function* jobsOfKind(parts: EngineParts, operations: readonly ReadOperation[], { how, epoch }: ReadOperation): Generator<ReadJob> {
  let files: FileToRead[] = [];
  let bytes = 0;
  for (const { node } of operations) {
    const file = fileToRead(parts, node);
    if (file === undefined) continue;
    if (files.length > 0 && (files.length >= parts.portions.jobFiles || bytes + file.sizeBytes > jobBytes)) {
      yield { how, epoch, files };
      files = [];
      bytes = 0;
    }
    files.push(file);
    bytes += file.sizeBytes;
  }
  if (files.length > 0) yield { how, epoch, files };
}

function fileToRead({ index }: EngineParts, node: NodeId): FileToRead | undefined {
  const row = index.local.find(node);
  const path = findLocalPath((id) => index.local.find(id), node);
  if (row?.state.kind !== 'file' || path === undefined) return undefined;
  return { node, path, expected: expectedOf(row), sizeBytes: row.state.sizeBytes };
}

function noteUnreadable(parts: EngineParts, { id, state: { name } }: LocalNode, why: 'unreadable' | 'too-large'): void {
  const { index } = parts;
  const path = findLocalPath((node) => index.local.find(node), id) ?? name;
  if (why === 'unreadable') {
    const failure = new Failure('E_DISK', 'it can not be read', { action: 'check its rights; it is tried again by itself' });
    noteProblem(parts, { node: id, path, failure });
    return;
  }
  const failure = new Failure('E_TOO_LARGE', 'this file is larger than a vault can hold (about 8 TiB)', {
    action: 'split it up, or put it elsewhere; it stays as it is here, and everything else goes on',
  });
  noteProblem(parts, { node: id, path, failure });
  // To find that out takes hours: not before it is another file, or a person asks.
  index.dirty.hold(id, 'changed');
}

function recordReadings(parts: EngineParts, readings: readonly FileReading[], missed: Missed): number {
  const { index } = parts;
  let read = 0;
  index.transaction(() => {
    for (const reading of readings) {
      const row = index.local.find(reading.node);
      if (row?.state.kind !== 'file') continue;
      if (reading.outcome === 'read' && isSyncable(reading.now)) {
        index.contents.write(reading.content);
        index.local.write(localRow(row.id, localPlaceOf(row), withKeptMeta(reading.now, row.state, index.traits.current), reading.content));
        index.problems.clearNode(row.id);
        read += 1;
      } else if (reading.outcome === 'unreadable' || reading.outcome === 'too-large') {
        missed.unreadable.push(row.id);
        noteUnreadable(parts, row, reading.outcome);
      } else missed.changed.push(row.id);
    }
  });
  return read;
}
