/** The steps of a plan one by one, each re-checked at the last moment by the disk itself, and recorded with what it came to. */
import { Failure, unreachable } from '../../base/failure.ts';
import { toHex } from '../../base/bytes.ts';
import { errnoOf } from '../../base/errno.ts';
import { joinPath, topPath, type ActOutcome, type DiskPath, type Expected } from '../../disk/disk.ts';
import { idToBytes } from '../../index/file/id-bytes.ts';
import { parseId, rootId, type NodeId } from '../../model/ids.ts';
import { localPlaceOf, type ContentRef, type LocalNode, type LocalPlace } from '../../model/node.ts';
import { showsMeta, withKeptMeta } from '../../planner/kept-meta.ts';
import type { Operation } from '../../planner/operation.ts';
import { placedAt } from '../../planner/shown-place.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findLocalPath } from '../local-path.ts';
import { expectedOf, isSyncable, localRow } from '../local-row.ts';
import { isRefusedHere, noteProblem } from '../problems.ts';
import { vaultPath } from '../vault-path.ts';
import { recordMove } from './bringing.ts';
import { mayHideWrite } from './may-hide-write.ts';
import { PendingRows } from './pending-rows.ts';
import { recordBelow } from './record-below.ts';

/** Times and bits that an act was to give: a disk may not hold all of it. */
type Meant = Parameters<typeof withKeptMeta>[1];

interface ActResult {
  readonly outcome: ActOutcome;
  readonly content?: ContentRef;
  /** Undefined: as the item was before. */
  readonly meant?: Meant;
}

/** A step that brings no file's content. */
export type Step = Exclude<Operation, { do: 'fetch' }>;

/** What a disk says to any call with a name that it can't hold: nothing stands there. */
const nameRefusals = new Set(['ENAMETOOLONG', 'EILSEQ', 'EINVAL']);

/** A step of one node. */
type NodeOperation = Extract<Operation, { readonly node: NodeId }>;

/** What one run of a plan does, and what it has come to so far. */
export class OperationSteps {
  readonly rows: PendingRows;
  /** Folders that did not hold what was expected. */
  readonly lookAgain = new Set<NodeId>();
  /** Steps that did something. */
  done = 0;
  readonly #parts: EngineParts;
  /** Nodes whose step did not come about: nothing more is recorded of them in this run. */
  readonly #failed = new Set<NodeId>();
  #isInDoubt = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.rows = new PendingRows(parts);
  }

  hasFailed(node: NodeId): boolean {
    return this.#failed.has(node);
  }

  /** Whether a step failed that may have come about all the same, wholly or in part, since `forgetDoubt`. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  forgetDoubt(): void {
    this.#isInDoubt = false;
  }

  /** Runs it. Throws what is no trouble of this item alone. */
  async run(operation: Step): Promise<void> {
    if ('node' in operation && this.#failed.has(operation.node)) return;
    try {
      await this.#act(operation);
    } catch (error) {
      if ('node' in operation) await this.failIn(operation, error);
      else this.fail(operation.local, error);
    }
    if (this.rows.size >= this.#parts.portions.results) await this.rows.settle();
  }

  async #act(operation: Step): Promise<void> {
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
      if (there?.kind === 'folder') index.leftBehind.erase({ identity: there.identity, path });
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
    const { disk, index } = this.#parts;
    // Before it moves: were this run killed after that, what stayed in it for ignored things would be new at its new place, and come back.
    if (row.state.kind === 'folder') index.leftBehind.expectBelow(from, to);
    const outcome = await disk.move(from, to, expectedOf(row), this.#folderOf(operation.place));
    if (outcome === 'changed') return this.#miss(operation.node, row.state.parent);
    const { copy } = operation;
    if (!this.finish(operation.node, operation.place, { outcome })) return;
    this.rows.later(() => {
      recordMove(index, operation);
      if (row.state.kind === 'folder') index.leftBehind.forgetBelow(from);
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

  async #setMeta({ node, mtimeUs, executable, fromOutside }: Extract<Operation, { do: 'set-meta' }>): Promise<void> {
    const meta = { mtimeUs, executable, fromOutside };
    const row = this.rows.find(node);
    const path = findLocalPath(this.rows.find, node);
    if (row === undefined || path === undefined) return this.#miss(node, rootId);
    if (showsMeta(row.state, meta, this.#parts.index.traits.current)) {
      this.rows.write({ ...row, state: { ...row.state, ...meta } });
      this.done += 1;
      return;
    }
    const outcome = await this.#parts.disk.setMeta(path, expectedOf(row), meta);
    this.finish(node, localPlaceOf(row), { outcome, meant: { kind: row.state.kind, ...meta } });
  }

  async #discard(node: NodeId): Promise<void> {
    const row = this.rows.find(node);
    const path = findLocalPath(this.rows.find, node);
    if (row === undefined || path === undefined) return this.#miss(node, rootId);
    const outcome = await this.#parts.disk.discard(path, expectedOf(row));
    if (outcome === 'changed') return this.#miss(node, row.state.parent);
    if (outcome === 'not-empty' && !this.#leaveBehind(row, path)) return;
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
    if (outcome === 'not-empty') return this.#leaveBehind(row, path);
    this.#parts.emit({ event: 'changed', what: 'left-out', path });
    return true;
  }

  /** A removed folder that holds nothing but ignored things stays on this disk, as something that is not synced. Whether it does. */
  #leaveBehind({ id, identity }: LocalNode, path: DiskPath): boolean {
    this.lookAgain.add(id);
    const { local, leftBehind } = this.#parts.index;
    if (local.hasChildren(id)) return false;
    this.rows.later(() => {
      leftBehind.add({ identity, path });
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
    if (this.finish(node, place, { outcome, meant })) this.rows.record(node);
  }

  /** Where the act came about, the local row says what stands there now. Whether it did. */
  finish(node: NodeId, place: LocalPlace, { outcome, content, meant }: ActResult): boolean {
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

  /**
   * As `fail`. What makes a step durable and looks at what it came to may fail as well as the step itself: where the item is not as it
   * was known, it is looked at again, and what is noted of the step holds until then.
   */
  async failIn(operation: NodeOperation, error: unknown): Promise<void> {
    this.fail(operation.node, error);
    if (operation.do !== 'move' && !(await this.#isOtherwise(operation))) return;
    this.#isInDoubt = true;
    const parent = 'place' in operation ? operation.place.parent : this.rows.find(operation.node)?.state.parent;
    this.lookAgain.add(parent ?? rootId);
  }

  /** Whether something else stands there than is known. */
  async #isOtherwise(operation: NodeOperation): Promise<boolean> {
    const row = this.rows.find(operation.node);
    const path = 'place' in operation ? this.#pathAt(operation.place) : findLocalPath(this.rows.find, operation.node);
    if (path === undefined) return false;
    try {
      const there = await this.#parts.disk.look(path);
      if (there === undefined || row === undefined) return there !== row;
      return there.identity !== row.identity || (there.kind !== 'folder' && there.fingerprint !== row.fingerprint);
    } catch (error) {
      if (!isRefusedHere(error)) throw error;
      return error.code === 'E_DISK' && !nameRefusals.has(errnoOf(error.cause) ?? '');
    }
  }

  /** The step of this node failed. Throws what is no trouble of this item alone. */
  fail(node: NodeId, error: unknown): void {
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
