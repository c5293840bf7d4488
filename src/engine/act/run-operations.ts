/** Executing a plan's steps on the disk, each re-checked at the last moment by the disk itself. */
import { Failure, unreachable } from '../../base/failure.ts';
import { toHex } from '../../base/bytes.ts';
import { joinPath, topPath, type ActOutcome, type DiskPath, type Expected } from '../../disk/disk.ts';
import { parseId, rootId, type NodeId } from '../../model/ids.ts';
import { localPlaceOf, type ContentRef, type LocalNode, type LocalPlace } from '../../model/node.ts';
import { placedAt } from '../../planner/shown-place.ts';
import { holdsMeta, withKeptMeta } from '../../planner/kept-meta.ts';
import type { Operation } from '../../planner/operation.ts';
import { beginBringing, endBringing, recordMove } from './bringing.ts';
import { idToBytes } from '../../index/file/id-bytes.ts';
import type { EngineParts } from '../engine-parts.ts';
import { FetchedFiles, fetchSuspects, isSuspect, type FetchContext, type FetchOperation, type Placed } from '../content/fetch-files.ts';
import { findLocalPath } from '../local-path.ts';
import { expectedOf, isSyncable, localRow } from '../local-row.ts';
import { mayHideWrite } from './may-hide-write.ts';
import { portionsOf } from './operation-portions.ts';
import { PendingRows } from './pending-rows.ts';
import { isRefusedHere, noteProblem } from '../problems.ts';
import { recordBelow } from './record-below.ts';
import { vaultPath } from '../vault-path.ts';

/** Steps that need none of the files fetched before them, so that fetching goes on across them. */
const besideFetch = new Set<Operation['do']>(['fetch', 'make-folder', 'make-link', 'adopt', 'record', 'hold']);

/** What running a plan's steps came to. */
export interface OperationReport {
  /** Steps that did something. */
  readonly done: number;
  /** Folders that did not hold what was expected: look there again. */
  readonly lookAgain: ReadonlySet<NodeId>;
}

/**
 * Runs the steps in order; reads are not among them (read-files.ts). Throws what concerns the store as a whole. Where the
 * store fails a file for the first time, nothing has been done in the folder of the portion that the file belongs to.
 */
export async function runOperations(parts: EngineParts, operations: readonly Operation[], signal: AbortSignal): Promise<OperationReport> {
  const run = new OperationRun(parts, signal);
  const rest = portionsOf(operations, parts.portions);
  let next = run.beginNext(rest);
  try {
    for (let portion = await next; portion !== undefined; portion = await next) {
      const { steps, files }: Portion = portion;
      await using _ = files;
      // The next one's files come while these are made durable and get their places: nothing of the folder is touched for that.
      next = files.filled().then((areAll) => (areAll ? run.beginNext(rest) : undefined));
      // What is wrong with it is told when its turn comes.
      void Promise.allSettled([next]);
      await files.ready();
      const bringing = beginBringing(parts.index, steps, files.identityOf);
      await run.portion(steps, files);
      // A move that failed may have left both names: what is noted of it tells which is to go (half-moves.ts).
      if (!run.takeHalfMoved())
        run.rows.later(() => {
          endBringing(parts.index, bringing);
        });
      await run.rows.settle();
    }
  } finally {
    const [begun] = await Promise.allSettled([next]);
    if (begun.status === 'fulfilled') await begun.value?.files[Symbol.asyncDispose]();
  }
  if (run.rows.hasDisplaced) run.lookAgain.add(rootId);
  return { done: run.done, lookAgain: run.lookAgain };
}

/** Steps that are run together, and the files that they bring. */
interface Portion {
  readonly steps: readonly Operation[];
  readonly files: FetchedFiles;
}

/** Times and bits that an act was to give: a disk may not hold all of it. */
type Meant = Parameters<typeof withKeptMeta>[1];

interface ActResult {
  readonly outcome: ActOutcome;
  readonly content?: ContentRef;
  /** Undefined: as the item was before. */
  readonly meant?: Meant;
}

class OperationRun {
  readonly rows: PendingRows;
  readonly lookAgain = new Set<NodeId>();
  done = 0;
  readonly #parts: EngineParts;
  readonly #context: FetchContext;
  /** Nodes whose step did not come about: nothing more is recorded of them in this run. */
  readonly #failed = new Set<NodeId>();
  #isHalfMoved = false;

  constructor(parts: EngineParts, signal: AbortSignal) {
    this.#parts = parts;
    this.rows = new PendingRows(parts);
    this.#context = { parts, rows: this.rows, signal };
  }

  /** Begins to bring what the next steps need of the store. */
  async beginNext(rest: Iterator<readonly Operation[], void>): Promise<Portion | undefined> {
    const portion = rest.next();
    if (portion.done === true) return undefined;
    const steps = portion.value;
    const wanted = steps.filter((operation) => operation.do === 'fetch').filter(({ node }) => !this.#failed.has(node));
    const files = new FetchedFiles(this.#context, ({ node }, failure) => this.#fail(node, failure));
    // Asked one by one outside of a transaction, each would lock the index's file for itself.
    const trusted = this.#parts.index.transaction(() => wanted.filter((operation) => !isSuspect(this.#parts, operation)));
    await files.begin(trusted);
    return { steps, files };
  }

  /** Runs the steps, whose files were brought. */
  async portion(operations: readonly Operation[], files: FetchedFiles): Promise<void> {
    const fetches = new Map<NodeId, FetchOperation>();
    for (const operation of operations) {
      this.#context.signal.throwIfAborted();
      if (operation.do === 'fetch') fetches.set(operation.node, operation);
      else {
        if (fetches.size > 0 && !besideFetch.has(operation.do)) {
          await this.#place(files, [...fetches.values()]);
          fetches.clear();
        }
        // A record that follows a fetch of the same node is part of that fetch.
        if (operation.do !== 'record' || !fetches.has(operation.node)) await this.step(operation);
      }
    }
    await this.#place(files, [...fetches.values()]);
  }

  /** Whether a move failed since this was asked last. */
  takeHalfMoved(): boolean {
    const isHalfMoved = this.#isHalfMoved;
    this.#isHalfMoved = false;
    return isHalfMoved;
  }

  async #place(files: FetchedFiles, fetches: readonly FetchOperation[]): Promise<void> {
    const ready = fetches.filter(({ node }) => !this.#failed.has(node));
    if (ready.length === 0) return;
    const placed: Placed = (operation, outcome) => {
      if (outcome instanceof Failure) {
        this.#fail(operation.node, outcome);
        return;
      }
      const meant = { kind: 'file', mtimeUs: operation.mtimeUs, executable: operation.executable } as const;
      const isThere = this.#finish(operation.node, operation.place, { outcome, content: operation.content, meant });
      if (isThere) this.rows.record(operation.node);
    };
    await files.place(ready, placed);
    await fetchSuspects(
      this.#context,
      ready.filter((operation) => !files.has(operation)),
      placed,
    );
  }

  async step(operation: Exclude<Operation, { do: 'fetch' }>): Promise<void> {
    if ('node' in operation && this.#failed.has(operation.node)) return;
    try {
      await this.#run(operation);
    } catch (error) {
      this.#fail('node' in operation ? operation.node : operation.local, error);
      if (operation.do === 'move') {
        this.#isHalfMoved = true;
        this.lookAgain.add(operation.place.parent);
      }
    }
    if (this.rows.size >= this.#parts.portions.results) await this.rows.settle();
  }

  async #run(operation: Exclude<Operation, { do: 'fetch' }>): Promise<void> {
    const { disk } = this.#parts;
    switch (operation.do) {
      case 'read':
        return;
      case 'make-folder':
        return this.#makeFolder(operation);
      case 'make-link': {
        const path = this.#pathAt(operation.place);
        if (path === undefined) this.#miss(operation.node, operation.place.parent);
        else
          this.#made(
            operation.node,
            operation.place,
            await disk.placeLink(operation, path, this.#expected(operation.node), this.#folderOf(operation.place)),
            { kind: 'link', mtimeUs: operation.mtimeUs },
          );
        return;
      }
      case 'move':
        return this.#move(operation);
      case 'set-meta':
        return this.#setMeta(operation);
      case 'discard':
        return this.#discard(operation.node);
      case 'leave-out':
        return this.#leaveOut(operation.node);
      case 'adopt':
        return this.#adopt(operation);
      case 'fork':
        return this.#fork(operation);
      case 'record':
        this.rows.record(operation.node);
        this.done += 1;
        return;
      case 'record-below':
        await this.rows.settle();
        recordBelow(this.#parts, operation.node);
        this.done += 1;
        return;
      case 'hold':
        this.#hold(operation);
        return;
      default:
        return unreachable(operation);
    }
  }

  async #makeFolder({ node, place }: Extract<Operation, { do: 'make-folder' }>): Promise<void> {
    const { disk, index } = this.#parts;
    const path = this.#pathAt(place);
    if (path === undefined) return this.#miss(node, place.parent);
    const outcome = await disk.makeFolder(path, this.#folderOf(place));
    if (outcome === 'changed') {
      // A folder that stayed here for the ignored things in it is wanted again: from now on it is found by looking, like any.
      const there = await disk.look(path);
      if (there?.kind === 'folder') index.leftBehind.erase(there.identity);
    }
    this.#made(node, place, outcome);
  }

  async #move(operation: Extract<Operation, { do: 'move' }>): Promise<void> {
    const row = this.rows.find(operation.node);
    const from = findLocalPath(this.rows.find, operation.node);
    const to = this.#pathAt(operation.place);
    if (row === undefined || from === undefined || to === undefined) return this.#miss(operation.node, operation.place.parent);
    if (from === to) {
      // Only what it is called in the vault is another name now.
      this.rows.write(placedAt(row, operation.place));
      this.done += 1;
      return;
    }
    const outcome = await this.#parts.disk.move(from, to, expectedOf(row), this.#folderOf(operation.place));
    if (outcome === 'changed') return this.#miss(operation.node, row.state.parent);
    const { copy } = operation;
    if (!this.#finish(operation.node, operation.place, { outcome })) return;
    this.rows.later(() => {
      recordMove(this.#parts.index, operation);
    });
    if (copy !== undefined) this.#parts.emit({ event: 'conflict', path: from, copy: to });
  }

  #adopt({ local, remote, copy }: Extract<Operation, { do: 'adopt' }>): void {
    this.rows.adopt(local, remote);
    this.rows.later(() => {
      this.#parts.index.copies.erase(local);
      if (copy !== undefined) this.#parts.index.copies.write(remote, copy);
    });
    this.done += 1;
  }

  async #setMeta({ node, mtimeUs, executable }: Extract<Operation, { do: 'set-meta' }>): Promise<void> {
    const row = this.rows.find(node);
    const path = findLocalPath(this.rows.find, node);
    if (row === undefined || path === undefined) return this.#miss(node, rootId);
    if (holdsMeta(row.state, { mtimeUs, executable }, this.#parts.index.traits.current)) {
      this.rows.write({ ...row, state: { ...row.state, mtimeUs, executable } });
      this.done += 1;
      return;
    }
    const outcome = await this.#parts.disk.setMeta(path, expectedOf(row), { mtimeUs, executable });
    this.#finish(node, localPlaceOf(row), { outcome, meant: { kind: row.state.kind, mtimeUs, executable } });
  }

  async #discard(node: NodeId): Promise<void> {
    const row = this.rows.find(node);
    const path = findLocalPath(this.rows.find, node);
    if (row === undefined || path === undefined) return this.#miss(node, rootId);
    const outcome = await this.#parts.disk.discard(path, expectedOf(row));
    if (outcome === 'changed') return this.#miss(node, row.state.parent);
    if (outcome === 'not-empty' && !this.#leaveBehind(node, row)) return;
    this.rows.erase(node);
    this.rows.record(node);
    if (outcome === 'gone') this.#parts.emit({ event: 'changed', what: 'removed', path });
    this.done += 1;
  }

  /** What is durable in the vault takes no room here, not in the trash either. */
  async #leaveOut(node: NodeId): Promise<void> {
    const row = this.rows.find(node);
    if (row !== undefined && !(await this.#release(node, row))) return;
    this.rows.erase(node);
    this.rows.forget(node);
    this.done += 1;
  }

  /** Whether the node is no longer on this disk. */
  async #release(node: NodeId, row: LocalNode): Promise<boolean> {
    const path = findLocalPath(this.rows.find, node);
    const outcome = path === undefined ? 'changed' : await this.#parts.disk.release(path, expectedOf(row));
    if (path === undefined || outcome === 'changed') {
      this.#miss(node, row.state.parent);
      return false;
    }
    if (outcome === 'not-empty') return this.#leaveBehind(node, row);
    this.#parts.emit({ event: 'changed', what: 'left-out', path });
    return true;
  }

  /** A removed folder that holds nothing but ignored things stays on this disk, as something that is not synced. Whether it does. */
  #leaveBehind(node: NodeId, row: LocalNode): boolean {
    this.lookAgain.add(node);
    if (this.#parts.index.local.hasChildren(node)) return false;
    this.rows.later(() => {
      this.#parts.index.leftBehind.add(row.identity);
    });
    return true;
  }

  /** The local content goes on as a new node; the disk is not touched. */
  async #fork({ node, ancestor }: Extract<Operation, { do: 'fork' }>): Promise<void> {
    const copy = this.#copyId(node);
    this.rows.adopt(node, copy);
    this.rows.later(() => {
      this.#parts.index.copies.write(copy, { of: node, ancestor });
    });
    await this.rows.settle();
    this.done += 1;
  }

  /**
   * Of the node and the content: two devices that show the same edit, and on which it turns void, make one copy of it. Where that
   * copy is known here it is another one's by now.
   */
  #copyId(node: NodeId): NodeId {
    const state = this.rows.find(node)?.state;
    const { base } = this.#parts.index;
    if (state?.kind === 'file' && state.content !== undefined) {
      const content = idToBytes(state.content.id);
      const copy = parseId('NodeId', toHex(idToBytes(node).map((byte, at) => byte ^ (content[at] ?? 0))));
      if (this.rows.find(copy) === undefined && base.find(copy) === undefined) return copy;
    }
    return parseId('NodeId', toHex(this.#parts.random.bytes(16)));
  }

  #hold({ node, code, reason }: Extract<Operation, { do: 'hold' }>): void {
    if (code === undefined) this.#parts.index.dirty.hold(node, 'changed');
    else {
      // What the vault does not have stands here alone.
      const path = vaultPath(this.#parts.index, node) || (findLocalPath(this.rows.find, node) ?? '');
      noteProblem(this.#parts, { node, path, failure: new Failure(code, reason) });
    }
  }

  #made(node: NodeId, place: LocalPlace, outcome: ActOutcome, meant?: Meant): void {
    if (this.#finish(node, place, { outcome, meant })) this.rows.record(node);
  }

  /** Where the act came about, the local row says what stands there now. Whether it did. */
  #finish(node: NodeId, place: LocalPlace, { outcome, content, meant }: ActResult): boolean {
    if (outcome === 'changed' || !isSyncable(outcome.now)) {
      this.#miss(node, place.parent);
      return false;
    }
    const known = this.rows.find(node)?.state;
    const traits = this.#parts.index.traits.current;
    const now = withKeptMeta(outcome.now, meant ?? known, traits);
    const row = localRow(node, place, now, content ?? (known?.kind === 'file' ? known.content : undefined));
    const clock = { nowUs: this.#parts.clock.nowMs() * 1000, tickUs: traits.mtimeTickUs };
    this.rows.write(mayHideWrite(outcome.now, clock) ? { ...row, fingerprint: '' } : row);
    this.done += 1;
    return true;
  }

  #miss(node: NodeId, parent: NodeId): void {
    this.#failed.add(node);
    this.lookAgain.add(parent);
  }

  #fail(node: NodeId, error: unknown): void {
    if (!isRefusedHere(error)) throw error;
    this.#failed.add(node);
    noteProblem(this.#parts, { node, path: findLocalPath(this.rows.find, node) ?? vaultPath(this.#parts.index, node), failure: error });
  }

  #pathAt(place: LocalPlace): DiskPath | undefined {
    const folder = place.parent === rootId ? topPath : findLocalPath(this.rows.find, place.parent);
    return folder === undefined ? undefined : joinPath(folder, place.shown ?? place.name);
  }

  /** The folder that it is meant for: a person may have given its name to another one meanwhile. */
  #folderOf({ parent }: LocalPlace): string | undefined {
    return this.rows.find(parent)?.identity;
  }

  #expected(node: NodeId): Expected {
    const row = this.rows.find(node);
    return row === undefined ? 'absent' : expectedOf(row);
  }
}
