/**
 * Bringing contents: whole batches at once, pack by pack, so that what lies together in a pack is read with one request.
 * Every byte is verified before anything is placed; a batch in which the store gave something else is not placed at all.
 */
import { Failure } from '../base/failure.ts';
import { joinPath, topPath, type ActOutcome, type DiskPath, type StagedFile } from '../disk/disk.ts';
import { rootId } from '../model/ids.ts';
import type { Content } from '../model/node.ts';
import type { Operation } from '../planner/operation.ts';
import type { EngineParts } from './engine-parts.ts';
import { fetchChunks, type ChunkTarget } from './fetch-chunks.ts';
import { findContent } from './find-content.ts';
import { findLocalPath } from './local-path.ts';
import type { PendingRows } from './pending-rows.ts';
import { isIntegrityFailure, noteProblem } from './problems.ts';
import { expectedOf } from './local-row.ts';

export type FetchOperation = Extract<Operation, { do: 'fetch' }>;

/** One batch: bounds open files, and what is read again when a batch is given up. */
const batchFiles = 512;
const batchBytes = 256 * 1024 * 1024;
/** Files made durable at the same time: the file system joins their flushes. */
const finishAtOnce = 16;

export interface FetchContext {
  readonly parts: EngineParts;
  readonly rows: PendingRows;
  readonly signal: AbortSignal;
}

export type Placed = (operation: FetchOperation, outcome: ActOutcome) => void;

/**
 * Fetches and places the files. A file whose content failed before is tried by itself, after all others, so that it stops
 * only itself; the first time, its whole batch is left as it was, the failure is thrown, and the folder is untouched.
 */
export async function fetchFiles(context: FetchContext, operations: readonly FetchOperation[], placed: Placed): Promise<void> {
  const isSuspect = ({ node }: FetchOperation): boolean => context.parts.index.problems.hasNode(node);
  for (const batch of batches(operations.filter((operation) => !isSuspect(operation)))) {
    context.signal.throwIfAborted();
    await new FetchBatch(context, batch).run(placed);
  }
  for (const operation of operations.filter(isSuspect)) {
    try {
      await new FetchBatch(context, [operation]).run(placed);
      context.parts.index.problems.clearNode(operation.node);
    } catch (error) {
      if (!isIntegrityFailure(error)) throw error;
    }
  }
}

function* batches(operations: readonly FetchOperation[]): Generator<readonly FetchOperation[]> {
  let batch: FetchOperation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    if (batch.length > 0 && (batch.length >= batchFiles || bytes + operation.content.sizeBytes > batchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(operation);
    bytes += operation.content.sizeBytes;
  }
  if (batch.length > 0) yield batch;
}

interface FileOnItsWay {
  readonly operation: FetchOperation;
  readonly staged: StagedFile;
  readonly content: Content;
}

class FetchBatch {
  readonly #context: FetchContext;
  readonly #operations: readonly FetchOperation[];
  readonly #files: FileOnItsWay[] = [];
  /** The first that the store failed; the batch goes on until all such are known, and is not placed. */
  #failure: Failure | undefined;

  constructor(context: FetchContext, operations: readonly FetchOperation[]) {
    this.#context = context;
    this.#operations = operations;
  }

  async run(placed: Placed): Promise<void> {
    try {
      for (const operation of this.#operations) await this.#open(operation);
      await this.#fill();
      if (this.#failure !== undefined) throw this.#failure;
      await this.#finishAll();
      for (const file of this.#files) await this.#place(file, placed);
    } finally {
      await Promise.all(this.#files.map(({ staged }) => staged.discard()));
    }
    if (this.#context.rows.size > 0) await this.#context.rows.settle();
  }

  async #open(operation: FetchOperation): Promise<void> {
    const { parts, signal } = this.#context;
    try {
      const content = await findContent(parts, operation.content, signal);
      this.#files.push({ operation, staged: await parts.disk.stage(content.sizeBytes), content });
    } catch (error) {
      if (!isIntegrityFailure(error)) throw error;
      this.#note(operation, error);
    }
  }

  async #fill(): Promise<void> {
    const { parts, signal } = this.#context;
    const targets: ChunkTarget[] = [];
    for (const file of this.#files) {
      const wanted = this.#targetsOf(file);
      if (wanted instanceof Failure) this.#note(file.operation, wanted);
      else targets.push(...wanted);
    }
    try {
      await fetchChunks(parts, targets, signal);
    } catch (error) {
      if (!isIntegrityFailure(error)) throw error;
      this.#failure ??= error;
    }
  }

  /** The chunks that make up the file, or why they can't. */
  #targetsOf({ content, staged, operation }: FileOnItsWay): ChunkTarget[] | Failure {
    const targets: ChunkTarget[] = [];
    let offset = 0;
    for (const chunk of content.chunks) {
      const place = this.#context.parts.index.chunks.find(chunk);
      if (place === undefined) return new Failure('E_MISSING', `no pack is known to hold a part of this file`);
      const at = offset;
      const failed = (failure: Failure): void => {
        this.#note(operation, failure);
      };
      targets.push({ place, deliver: (plain) => staged.write(plain, at), failed });
      offset += place.plainBytes;
    }
    return offset === content.sizeBytes ? targets : new Failure('E_TAMPER', 'a file of another length than the vault says');
  }

  async #finishAll(): Promise<void> {
    for (let at = 0; at < this.#files.length; at += finishAtOnce) {
      const group = this.#files.slice(at, at + finishAtOnce);
      await Promise.all(group.map(({ staged, operation: { mtimeUs, executable } }) => staged.finish({ mtimeUs, executable })));
    }
  }

  async #place({ operation, staged, content }: FileOnItsWay, placed: Placed): Promise<void> {
    const { parts, rows } = this.#context;
    const path = this.#pathOf(operation);
    const known = rows.find(operation.node);
    const outcome =
      path === undefined ? 'changed' : await parts.disk.place(staged, path, known === undefined ? 'absent' : expectedOf(known));
    placed(operation, outcome);
    if (outcome === 'changed' || path === undefined) return;
    parts.emit({ event: 'downloading', path, bytes: content.sizeBytes });
    parts.emit({ event: 'changed', what: known === undefined ? 'added' : 'updated', path });
  }

  #pathOf({ place }: FetchOperation): DiskPath | undefined {
    const folder = place.parent === rootId ? topPath : findLocalPath(this.#context.rows.find, place.parent);
    return folder === undefined ? undefined : joinPath(folder, place.name);
  }

  /** Remembers which file the store failed, so that next time it stops only itself. */
  #note(operation: FetchOperation, failure: Failure): void {
    noteProblem(this.#context.parts, { node: operation.node, path: this.#pathOf(operation) ?? operation.place.name, failure });
    this.#failure ??= failure;
  }
}
