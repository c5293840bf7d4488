/**
 * Bringing contents: many files at once, pack by pack, so that what lies together in a pack is read with one request.
 * Every byte is verified, and everything is on the disk beside the folder, before anything in the folder is touched.
 */
import { Failure } from '../../base/failure.ts';
import { joinPath, topPath, type ActOutcome, type DiskPath, type StagedFile } from '../../disk/disk.ts';
import type { FoundChunk } from '../../index/chunk-table.ts';
import { rootId, type ChunkId, type NodeId } from '../../model/ids.ts';
import type { Content } from '../../model/node.ts';
import type { Operation } from '../../planner/operation.ts';
import { beginBringing, endBringing } from '../act/bringing.ts';
import type { EngineParts } from '../engine-parts.ts';
import { fetchChunks, placesMax, type ChunkTarget } from './fetch-chunks.ts';
import { findContent } from './find-content.ts';
import { findLocalPath } from '../local-path.ts';
import type { PendingRows } from '../act/pending-rows.ts';
import { isIntegrityFailure, isRefusedHere, noteProblem } from '../problems.ts';
import { expectedOf } from '../local-row.ts';
import { settleLengths } from './settle-lengths.ts';
import { vaultPath } from '../vault-path.ts';

export type FetchOperation = Extract<Operation, { do: 'fetch' }>;

export interface FetchContext {
  readonly parts: EngineParts;
  readonly rows: PendingRows;
  readonly signal: AbortSignal;
  /** Whether a step that failed may have come about all the same. */
  readonly isInDoubt: () => boolean;
}

/** Told of each file: what became of it, or why this disk does not take it. */
export type Placed = (operation: FetchOperation, outcome: ActOutcome | Failure) => Promise<void>;

/** Whether the store failed this file before: then it is fetched by itself, so that it stops only itself. */
export function isSuspect({ index }: EngineParts, { node }: FetchOperation): boolean {
  return index.problems.hasNode(node);
}

/**
 * Fetches and places files one by one, each for itself alone: what the store fails stays as it is and stays noted. Throws
 * what concerns store, disk or vault as a whole.
 */
export async function fetchSuspects(context: FetchContext, operations: readonly FetchOperation[], placed: Placed): Promise<void> {
  for (const operation of operations) {
    context.signal.throwIfAborted();
    await using files = new FetchedFiles(context, placed);
    try {
      await files.fetch([operation]);
    } catch (error) {
      if (!isIntegrityFailure(error)) throw error;
      continue;
    }
    if (!files.has(operation)) continue;
    // Before it is placed: the disk may have something against it.
    const { parts, rows } = context;
    parts.index.problems.clearNode(operation.node);
    const placing = beginBringing(parts.index, [operation], files.identityOf);
    await files.place([operation], placed);
    if (!context.isInDoubt())
      rows.later(() => {
        endBringing(parts.index, placing);
      });
    await rows.settle();
  }
}

interface FileOnItsWay {
  readonly operation: FetchOperation;
  readonly staged: StagedFile;
  readonly content: Content;
  /** Of the file that is going to be placed; '' where that is not known. */
  identity: string;
}

/** Files that get their places together, where they are new there. */
interface PlaceGroup {
  readonly parent: NodeId;
  readonly isNew: boolean;
  readonly files: readonly FileOnItsWay[];
}

/** No call takes more of them at once (`FileCalls.placeFiles`). */
const placedMax = 1024;

/** Files that are brought together, and then placed. Whoever made it disposes of it. */
export class FetchedFiles {
  readonly #context: FetchContext;
  readonly #refused: (operation: FetchOperation, failure: Failure) => void | Promise<void>;
  readonly #files = new Map<Operation, FileOnItsWay>();
  readonly #given = new AbortController();
  #either: AbortSignal | undefined;
  #filled = Promise.resolve();
  #brought = Promise.resolve();
  /** Whether nothing is on its way any more. */
  #isOver = true;
  /** The first that the store failed; fetching goes on until all such are known and noted. */
  #failure: Failure | undefined;

  /** `refused` is told of each file that this disk does not take, for lack of room or otherwise: it stops only itself. */
  constructor(context: FetchContext, refused: (operation: FetchOperation, failure: Failure) => void | Promise<void>) {
    this.#context = context;
    this.#refused = refused;
  }

  get #signal(): AbortSignal {
    return (this.#either ??= AbortSignal.any([this.#context.signal, this.#given.signal]));
  }

  /** As `begin`, then `ready`. */
  async fetch(operations: readonly FetchOperation[]): Promise<void> {
    await this.begin(operations);
    await this.ready();
  }

  /** Finds room for all of them, then lets them come. What goes wrong is told by `ready`. */
  async begin(operations: readonly FetchOperation[]): Promise<void> {
    // Most steps bring no file.
    if (operations.length === 0) return;
    this.#isOver = false;
    const opened = this.#openAll(operations);
    this.#filled = opened.then(() => this.#fill());
    this.#brought = this.#filled.then(() => this.#finish());
    // Whoever asks is told; nobody asks where it is given up before.
    void Promise.allSettled([this.#brought]).then(() => {
      this.#isOver = true;
    });
    await Promise.allSettled([opened]);
  }

  /** Resolves when the store is done with: what comes next may be asked of it then. Whether it gave all; where not, `ready` throws. */
  async filled(): Promise<boolean> {
    const [{ status }] = await Promise.allSettled([this.#filled]);
    return status === 'fulfilled' && this.#failure === undefined;
  }

  /**
   * All of them but those that this disk refuses are here, verified and durable; or throws: as long as this has not returned,
   * the folder is as it was.
   */
  ready(): Promise<void> {
    return this.#brought;
  }

  /** Which item of the disk the file of this step is going to be, where it was brought and the disk says so. */
  readonly identityOf = (operation: Operation): string | undefined => {
    const identity = this.#files.get(operation)?.identity;
    return identity === '' ? undefined : identity;
  };

  /** Whether it was brought. */
  has(operation: FetchOperation): boolean {
    return this.#files.has(operation);
  }

  /** Puts those of them that were fetched where they belong. `beginBringing` has noted before what they are going to be. */
  async place(operations: readonly FetchOperation[], placed: Placed): Promise<void> {
    const files = operations.flatMap((operation) => this.#files.get(operation) ?? []);
    for (const group of this.#placeGroups(files)) {
      const outcomes = await this.#placeTogether(group);
      for (const [at, file] of group.files.entries()) {
        const outcome = outcomes[at];
        if (outcome === undefined) await this.#place(file, placed);
        else await this.#tell(file, outcome, placed);
      }
    }
  }

  /** Takes away what was not placed. What can't be taken away now is when the next run begins. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#given.abort();
    await Promise.allSettled([this.#brought]);
    await Promise.allSettled([...this.#files.values()].map(({ staged }) => staged.discard()));
  }

  async #openAll(operations: readonly FetchOperation[]): Promise<void> {
    const { index } = this.#context.parts;
    // Most of them are small and few, and then remembered: asked one by one, each would lock the index's file for itself.
    index.transaction(() => {
      for (const { content } of operations) index.contents.find(content.id);
    });
    for (const operation of operations) await this.#open(operation);
  }

  async #finish(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#finishAll();
  }

  async #open(operation: FetchOperation): Promise<void> {
    const { parts } = this.#context;
    try {
      const content = await findContent(parts, operation.content, this.#signal);
      this.#files.set(operation, { operation, staged: await parts.disk.stage(content.sizeBytes), content, identity: '' });
    } catch (error) {
      if (isIntegrityFailure(error)) this.#note(operation, error);
      else await this.#refuse(operation, error);
    }
  }

  async #fill(): Promise<void> {
    const { parts, rows } = this.#context;
    try {
      const targets = await this.#findTargets();
      // Noted with what becomes of the files: nothing is built on it before, and lost it is only found out once more.
      await fetchChunks(parts, targets, this.#signal, (places) => {
        rows.later(() => {
          parts.index.chunks.markAllOpened(places);
        });
      });
    } catch (error) {
      if (!isIntegrityFailure(error)) throw error;
      this.#failure ??= error;
    }
  }

  /** Those of all files. Where the lengths of a file's parts do not add up, after finding out which of them are true. */
  async #findTargets(): Promise<readonly ChunkTarget[]> {
    const { parts } = this.#context;
    const files = [...this.#files.values()];
    const targets = parts.index.transaction(() => files.map((file) => this.#targetsOf(file)));
    for (const [at, { content }] of files.entries()) {
      const wanted = targets[at];
      if (wanted instanceof Failure && wanted.code === 'E_TAMPER') await settleLengths(parts, content.chunks, this.#signal);
    }
    return parts.index.transaction(() => this.#allTargets(files, targets));
  }

  #allTargets(files: readonly FileOnItsWay[], first: readonly (ChunkTarget[] | Failure)[]): readonly ChunkTarget[] {
    const targets: ChunkTarget[] = [];
    for (const [at, file] of files.entries()) {
      const known = first[at];
      const wanted = known === undefined || known instanceof Failure ? this.#targetsOf(file) : known;
      if (wanted instanceof Failure) this.#note(file.operation, wanted);
      // One by one: a file has as many as its size in megabytes, and arguments go on the stack.
      else for (const target of wanted) targets.push(target);
    }
    return targets;
  }

  /** The chunks that make up the file, or why they can't. */
  #targetsOf({ content, operation }: FileOnItsWay): ChunkTarget[] | Failure {
    const targets: ChunkTarget[] = [];
    let offset = 0;
    for (const chunk of content.chunks) {
      const place = this.#findPlace(chunk, content);
      if (place === undefined) return new Failure('E_MISSING', `no pack is known to hold a part of this file`);
      const at = offset;
      const failed = (failure: Failure): void => {
        this.#note(operation, failure);
      };
      targets.push({ place, deliver: (plain) => this.#write(operation, plain, at), failed });
      offset += place.plainBytes;
    }
    return offset === content.sizeBytes ? targets : new Failure('E_TAMPER', 'a file of another length than the vault says');
  }

  /** The best place of a chunk: of a content's only one, the best where it has the content's length. */
  #findPlace(chunk: ChunkId, { chunks, sizeBytes }: Content): FoundChunk | undefined {
    const known = this.#context.parts.index.chunks;
    const best = known.find(chunk);
    if (chunks.length > 1 || best?.plainBytes === sizeBytes) return best;
    return known.findAll(chunk, placesMax).find(({ plainBytes }) => plainBytes === sizeBytes) ?? best;
  }

  async #write(operation: FetchOperation, plain: Uint8Array, offset: number): Promise<void> {
    try {
      await this.#files.get(operation)?.staged.write(plain, offset);
    } catch (error) {
      await this.#refuse(operation, error);
    }
  }

  async #finishAll(): Promise<void> {
    const files = [...this.#files.values()];
    const toFinish = files.map(({ staged, operation: { mtimeUs, executable, fromOutside } }) => ({
      staged,
      meta: { mtimeUs, executable, fromOutside },
    }));
    const ends = await this.#context.parts.disk.finishAll(toFinish);
    for (const [at, file] of files.entries()) {
      const end = ends[at] ?? '';
      if (typeof end === 'string') file.identity = end;
      else await this.#refuse(file.operation, end);
    }
  }

  /** Gives the file's room back: others may need no more than that. Throws what does not concern the file alone. */
  async #refuse(operation: FetchOperation, error: unknown): Promise<void> {
    if (!isRefusedHere(error)) throw error;
    const file = this.#files.get(operation);
    this.#files.delete(operation);
    await file?.staged.discard();
    await this.#refused(operation, error);
  }

  /** Those that come one after the other into the same folder, and are new there. */
  *#placeGroups(files: readonly FileOnItsWay[]): Generator<PlaceGroup> {
    let group: { parent: NodeId; isNew: boolean; files: FileOnItsWay[] } | undefined;
    for (const file of files) {
      const { node, place } = file.operation;
      const isNew = this.#context.rows.find(node) === undefined;
      if (group !== undefined && (group.parent !== place.parent || !group.isNew || !isNew || group.files.length >= placedMax)) {
        yield group;
        group = undefined;
      }
      if (group === undefined) group = { parent: place.parent, isNew, files: [file] };
      else group.files.push(file);
    }
    if (group !== undefined) yield group;
  }

  /** What each came to; undefined for those that nothing was done with. */
  async #placeTogether({ parent, isNew, files }: PlaceGroup): Promise<readonly (ActOutcome | undefined)[]> {
    const { parts, rows } = this.#context;
    const folder = this.#pathOfFolder(parent);
    if (!isNew || files.length < parts.portions.placedTogether || folder === undefined) return [];
    try {
      const wanted = files.map(({ staged, operation: { place } }) => ({ staged, name: place.shown ?? place.name }));
      return await parts.disk.placeNew(wanted, folder, rows.find(parent)?.identity);
    } catch (error) {
      if (!isRefusedHere(error)) throw error;
      return [];
    }
  }

  async #place(file: FileOnItsWay, placed: Placed): Promise<void> {
    const { parts, rows } = this.#context;
    const { operation, staged } = file;
    const path = this.#pathOf(operation);
    const known = rows.find(operation.node);
    let outcome: ActOutcome | Failure = 'changed';
    try {
      if (path !== undefined) {
        const folder = rows.find(operation.place.parent)?.identity;
        outcome = await parts.disk.place(staged, path, known === undefined ? 'absent' : expectedOf(known), folder);
      }
    } catch (error) {
      if (!isRefusedHere(error)) throw error;
      outcome = error;
    }
    await this.#tell(file, outcome, placed);
  }

  async #tell({ operation, content }: FileOnItsWay, outcome: ActOutcome | Failure, placed: Placed): Promise<void> {
    const { parts, rows } = this.#context;
    const path = this.#pathOf(operation);
    const isNew = rows.find(operation.node) === undefined;
    await placed(operation, outcome);
    if (outcome === 'changed' || outcome instanceof Failure || path === undefined) return;
    parts.emit({ event: 'downloading', path, bytes: content.sizeBytes });
    parts.emit({ event: 'changed', what: isNew ? 'added' : 'updated', path });
  }

  #pathOf({ place }: FetchOperation): DiskPath | undefined {
    const folder = this.#pathOfFolder(place.parent);
    return folder === undefined ? undefined : joinPath(folder, place.shown ?? place.name);
  }

  #pathOfFolder(id: NodeId): DiskPath | undefined {
    return id === rootId ? topPath : findLocalPath(this.#context.rows.find, id);
  }

  /** Remembers which file the store failed, so that next time it stops only itself. */
  #note(operation: FetchOperation, failure: Failure): void {
    // The folder it belongs in may not stand on this disk yet.
    noteProblem(this.#context.parts, { node: operation.node, path: vaultPath(this.#context.parts.index, operation.node), failure });
    this.#failure ??= failure;
  }
}
