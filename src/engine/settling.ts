import type { DiskPath } from '../disk/disk.ts';
import { topPath } from '../disk/disk.ts';
import { rootId, type NodeId } from '../model/ids.ts';
import type { LocalNode } from '../model/node.ts';
import { planBatch } from '../planner/plan-batch.ts';
import type { Plan, PlanContext } from '../planner/operation.ts';
import { recordBrought } from './act/bringing.ts';
import type { EngineParts } from './engine-parts.ts';
import { findFolders } from './scan/find-folders.ts';
import { undoHalfMoves } from './act/half-moves.ts';
import { removeEmptied } from './scan/left-behind.ts';
import { findLocalPath } from './local-path.ts';
import { findDoubtful } from './brake/mass-change-doubts.ts';
import { guardMassChange } from './brake/mass-change-guard.ts';
import { onlyNew } from './act/only-new.ts';
import { observe, type Told } from './scan/observe.ts';
import { PastInDoubt } from './past/past-in-doubt.ts';
import { searchConflicted } from './scan/search-conflicted.ts';
import { publish } from './publish/publish.ts';
import { RoundBatches } from './queue/round-batches.ts';
import { ReadingBook } from './content/reading-book.ts';
import { readFiles, type ReadOperation, type ReadReport } from './content/read-files.ts';
import { runOperations } from './act/run-operations.ts';
import { PackUploads } from './content/upload-packs.ts';
import type { Hints, Meanwhile, Moment, Part } from './meanwhile.ts';
import { planContext } from './plan-context.ts';

/** A batch that is planned more often without coming to rest has a fault: it waits for the next pass. */
const roundsMax = 100;

/** Marked names that are looked at again together. */
const markedMax = 1000;

/** A look there while a pass goes on. Whether anything is otherwise than it was known. */
async function lookWhere(parts: EngineParts, signal: AbortSignal, hints: Hints): Promise<boolean> {
  const { isChanged, emptied, forgotten } = await observe(parts, signal, findFolders(parts, hints.paths), hints);
  await removeEmptied(parts, emptied);
  return (await searchConflicted(parts, signal, forgotten)) || isChanged;
}

/** Also those that are not on this disk yet: an item waits for its folder. */
function withFoldersAbove({ remote }: EngineParts['index'], nodes: readonly NodeId[]): NodeId[] {
  const all = new Set(nodes);
  // A set goes on with what is added meanwhile.
  for (const id of all) {
    const parent = remote.find(id)?.state.parent;
    if (parent !== undefined && parent !== rootId) all.add(parent);
  }
  return [...all];
}

/** Where the disk was not as expected. */
interface LookAgain {
  readonly folders?: readonly NodeId[];
  readonly files?: readonly NodeId[];
}

export interface SettlingOptions {
  /** Only what is new here and stands in nobody's way is brought; nothing here is read, moved, replaced or published. */
  readonly isPart?: boolean;
  readonly meanwhile?: Meanwhile | undefined;
  /** As in `Told`, until `meanwhile` is asked for the first time. */
  readonly resting?: Told['resting'];
}

/** What a pass does with the nodes on which the trees disagree: it plans and acts, batch by batch, until nothing is left that can be done now. */
export class Settling {
  /** Whether anything was done, or found otherwise than it was known but for files that are being written. */
  isChanged = false;
  /** Whether files were written to while they were read. */
  isRestless = false;
  #isAnyHeld = false;
  /** Whether something was seen, here or in the vault, that the brake does not know of. */
  #isSeenAnew = false;
  /** Where the queue ended before a look on the way found something otherwise; undefined: none did since the round began. */
  #foundAfter: number | undefined;
  readonly #parts: EngineParts;
  readonly #signal: AbortSignal;
  readonly #uploads: PackUploads;
  /** What waited for something else in this round, where a mass change is held back. */
  readonly #waiting = new Set<NodeId>();
  readonly #readings = new ReadingBook();
  #isLessToRead = false;
  readonly #batches: RoundBatches;
  readonly #isPart: boolean;
  readonly #meanwhile: Meanwhile | undefined;
  #resting: Told['resting'];
  readonly #past: PastInDoubt;
  /** What failed in a moment between two batches. */
  #fault: { readonly error: unknown } | undefined;
  readonly #moment: Moment = {
    settle: async (find) => {
      await this.#entirely(() => this.#bringNews());
      const part = find();
      await this.#entirely(() => this.#settlePart(part));
    },
    entirely: (act) => this.#entirely(act),
  };

  constructor(parts: EngineParts, signal: AbortSignal, { isPart = false, meanwhile, resting }: SettlingOptions = {}) {
    this.#parts = parts;
    this.#signal = signal;
    this.#isPart = isPart;
    this.#meanwhile = meanwhile;
    this.#resting = resting;
    this.#past = new PastInDoubt(parts);
    this.#uploads = new PackUploads(parts, signal);
    this.#batches = new RoundBatches(parts, signal);
  }

  /** Files that were written to while they were read, and have not come to rest since. */
  get restless(): readonly NodeId[] {
    return this.#readings.restless.filter((node) => this.#parts.index.dirty.has(node));
  }

  async run(isFull: boolean): Promise<void> {
    // What an earlier run could not make durable is no agreement yet.
    await this.#parts.disk.settle();
    await undoHalfMoves(this.#parts);
    recordBrought(this.#parts);
    // A full look also finds marks that an interrupted run left behind.
    const marked = isFull ? this.#parts.index.local.marked(markedMax).map(({ id }) => id) : [];
    if (isFull) this.#parts.index.massChange.eraseSettled();
    await this.#brake();
    if (marked.length > 0) await this.#settleBatch(marked);
    for (let round = 0; round < roundsMax; round += 1) {
      if (await this.#round()) continue;
      this.#restFolders();
      return;
    }
    // Somebody keeps changing the folder faster than it is brought to rest: the next pass goes on.
  }

  /** Holds back what a person has to decide: before anything is planned, and again where more was seen on the way. */
  async #brake(): Promise<void> {
    const { index } = this.#parts;
    this.#isSeenAnew = false;
    // Where all agrees there is nothing to lose, and a transaction would lock everybody else out to find that out.
    if (index.dirty.count() === 0 && !index.massChange.hasAny()) {
      this.#isAnyHeld = false;
      return;
    }
    const changed: NodeId[] = [];
    for (const reads of this.#isPart ? [] : findDoubtful(index, this.#parts.currentEpoch()))
      changed.push(...(await this.#read(reads)).changed);
    await this.#lookAgain({ files: changed });
    this.#isAnyHeld = guardMassChange(index) > 0;
  }

  /** Reads the files; what the store lacks of them is durable there by then. */
  async #read(reads: readonly ReadOperation[]): Promise<ReadReport> {
    const report = await readFiles(this.#parts, reads, this.#uploads);
    await this.#parts.workshop.flush(this.#uploads);
    await this.#uploads.settle();
    if (this.#readings.note(reads, report)) this.#isLessToRead = true;
    return report;
  }

  /** Folders that wait for files which are held back need not be planned with each news: they wait for the same word. */
  #restFolders(): void {
    if (!this.#isAnyHeld) return;
    const { index } = this.#parts;
    const isFolder = (id: NodeId): boolean => (index.base.find(id) ?? index.remote.find(id))?.state.kind === 'folder';
    index.transaction(() => {
      for (const id of this.#waiting) if (isFolder(id)) index.dirty.hold(id, 'changed');
    });
  }

  /** All dirty nodes once, batch by batch. Whether anything was done. */
  async #round(): Promise<boolean> {
    let isChanged = false;
    this.#waiting.clear();
    this.#foundAfter = undefined;
    for await (const nodes of this.#batches.all()) {
      if (await this.#settleBatch(nodes)) isChanged = true;
      if (await this.#settleMeanwhile()) isChanged = true;
    }
    return isChanged;
  }

  /** What came to rest since this began, and what a person asked for, goes before what is left: a vault, or a folder, may take hours to come or go. */
  async #settleMeanwhile(): Promise<boolean> {
    if (this.#isPart || this.#meanwhile === undefined) return false;
    const { dirty, leftOut } = this.#parts.index;
    const after = dirty.lastSeq();
    const { hasActed = false, ...hints } = await this.#meanwhile(this.#moment);
    this.#resting = hints.resting;
    if (this.#fault !== undefined) throw this.#fault.error;
    // Who leaves a folder out does not want to wait for all of it to come first.
    const isChosen = leftOut.isBehind;
    leftOut.apply();
    if (hasActed || isChosen) this.#isSeenAnew = true;
    const isFound = hints.paths.length > 0 && (await this.#noteSeen(await lookWhere(this.#parts, this.#signal, hints)));
    if (!isFound && !hasActed && !isChosen) return false;
    this.isChanged = true;
    for (const nodes of this.#batches.enteredAfter(after)) await this.#settleBatch(nodes);
    return true;
  }

  /** What fails in there may be half done: only a look at everything may forget what is noted of it, and this pass has had its own. */
  async #entirely<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      this.#fault ??= { error };
      throw error;
    }
  }

  async #settlePart({ nodes, paths }: Part): Promise<void> {
    const { index, portions } = this.#parts;
    const after = index.dirty.lastSeq();
    const places = nodes.flatMap((node) => findLocalPath((id) => index.local.find(id), node) ?? []);
    const isFound = await this.#noteSeen(await lookWhere(this.#parts, this.#signal, { paths: [...paths, ...places] }));
    this.isChanged ||= isFound;
    for (const batch of this.#batches.enteredAfter(after)) await this.#settleBatch(batch);
    const wanted = withFoldersAbove(index, nodes).filter((id) => index.dirty.has(id));
    for (let at = 0; at < wanted.length; at += portions.nodes) await this.#settleBatch(wanted.slice(at, at + portions.nodes));
  }

  /**
   * Plans these nodes until nothing more comes of it. What a look on the way has found goes first: where only its content tells that it is
   * something that is gone, moved, the vault would else be told of a removal before anybody has read it. Whether anything was done.
   */
  async #settleBatch(batch: readonly NodeId[]): Promise<boolean> {
    let isChanged = false;
    for (let look = 0; look < roundsMax; look += 1) {
      const end = await this.#settleUnlessFound(batch);
      if (end === 'nothing') return isChanged;
      isChanged = true;
      if (end === 'done') return true;
      for (const nodes of this.#batches.enteredAfter(this.#takeFound()))
        if ((await this.#settleUnlessFound(nodes)) === 'found') return true;
    }
    return isChanged;
  }

  #takeFound(): number {
    const after = this.#foundAfter;
    this.#foundAfter = undefined;
    return after ?? this.#parts.index.dirty.lastSeq();
  }

  /** As `#settleBatch`, as far as no look on the way finds what was not in the queue. */
  async #settleUnlessFound(batch: readonly NodeId[]): Promise<'nothing' | 'done' | 'found'> {
    let isChanged = false;
    let nodes = batch;
    for (let round = 0; round < roundsMax; round += 1) {
      this.#signal.throwIfAborted();
      if (round > 0) nodes = nodes.filter((id) => this.#parts.index.dirty.has(id));
      if (nodes.length === 0) break;
      if (this.#isSeenAnew) await this.#brake();
      if (this.#foundAfter !== undefined) return 'found';
      const plan = this.#plan(nodes);
      this.#isLessToRead = false;
      const isDone = await this.#act(plan);
      const isInDoubt = plan.inDoubt.length > 0 && !this.#isPart;
      if (isInDoubt) {
        await this.#past.bring(plan.inDoubt, this.#signal);
        this.isChanged = true;
      }
      if (isDone || isInDoubt) {
        isChanged = true;
        continue;
      }
      // What can't be read is left out of the next plan, which then publishes all else; by itself it is no change.
      if (this.#isLessToRead) continue;
      if (this.#isAnyHeld) for (const id of plan.waiting) this.#waiting.add(id);
      break;
    }
    return isChanged ? 'done' : 'nothing';
  }

  /** In one transaction, though it writes nothing: a person may decide in another process meanwhile, and a plan must not believe half of it. */
  #plan(nodes: readonly NodeId[]): Plan {
    return this.#parts.index.transaction(() => planBatch([...nodes, ...this.#markedBeside(nodes)], this.#parts.index, this.#context()));
  }

  /** Nodes that bear a marked name where something may have gone: their own may be free now. */
  #markedBeside(nodes: readonly NodeId[]): readonly NodeId[] {
    const { local, base, remote } = this.#parts.index;
    if (local.marked(1).length === 0) return [];
    const folders = new Set(nodes.flatMap((id) => [local, base, remote].flatMap((tree) => tree.find(id)?.state.parent ?? [])));
    return [...folders].flatMap((folder) => local.markedIn(folder, markedMax).map(({ id }) => id));
  }

  /** Reads first, as what they find decides; then the disk; then the vault. Whether anything came of it. */
  async #act({ operations, groups }: Plan): Promise<boolean> {
    const parts = this.#parts;
    if (this.#isPart) return (await runOperations(parts, onlyNew(parts.index.local, operations), this.#signal)).done > 0;
    const reads = operations.filter((operation) => operation.do === 'read').filter(({ node }) => this.#readings.isWorthReading(node));
    const read = reads.length > 0 ? await this.#read(reads) : undefined;
    if (read !== undefined) recordBrought(parts);
    const report = await runOperations(parts, operations, this.#signal);
    const { published, ahead } = read === undefined ? await this.#publishReadingAhead(groups) : { published: 0, ahead: undefined };
    // A step that failed for what is not synced itself (a pipe in the way) fails again: only what looking finds counts.
    const isOtherwise = await this.#lookAgainAfter(report.lookAgain, [read, ahead]);
    const isDone = (read?.read ?? 0) + report.done + published > 0;
    this.isChanged ||= isDone;
    return isDone || isOtherwise;
  }

  /** After steps and readings that found the disk otherwise than it was expected. */
  async #lookAgainAfter(folders: ReadonlySet<NodeId>, readings: readonly (ReadReport | undefined)[]): Promise<boolean> {
    const files = readings.flatMap((report) => report?.changed ?? []);
    const isOtherwise = await this.#lookAgain({ folders: [...folders], files });
    this.isChanged ||= isOtherwise && folders.size > 0;
    this.isRestless ||= isOtherwise && files.length > 0;
    return isOtherwise;
  }

  /**
   * Publishes, and has the files of the next batch read meanwhile: that is the workers' time, and the other this thread's. Nothing is
   * looked at on the disk before both are done: a reading that was overtaken by a look would be recorded over it.
   */
  async #publishReadingAhead(groups: Plan['groups']): Promise<{ readonly published: number; readonly ahead: ReadReport | undefined }> {
    if (groups.length === 0) return { published: 0, ahead: undefined };
    const reading = this.#readBehind();
    const isOver = Promise.allSettled([reading]);
    try {
      const published = await this.#publish(groups);
      const ahead = await reading;
      if (ahead !== undefined) recordBrought(this.#parts);
      return { published, ahead };
    } finally {
      await isOver;
    }
  }

  /** Reads what the next batch needs read, as far as that can be said before this one is published. */
  async #readBehind(): Promise<ReadReport | undefined> {
    const nodes = this.#batches.next();
    if (nodes.length === 0) return undefined;
    const { operations } = this.#plan(nodes);
    const reads = operations.filter((operation) => operation.do === 'read').filter(({ node }) => this.#readings.isWorthReading(node));
    return reads.length === 0 ? undefined : this.#read(reads);
  }

  /** Groups applied, and news brought where some were not: then another device was faster, and its entries decide. */
  async #publish(groups: Plan['groups']): Promise<number> {
    const { applied, isOvertaken } = await publish(this.#parts, groups, this.#signal);
    if (!isOvertaken) return applied;
    return applied + (await this.#bringNews());
  }

  /** How many entries came. */
  async #bringNews(): Promise<number> {
    const { arrived } = await this.#parts.journal.catchUp(this.#signal);
    if (arrived > 0) this.#isSeenAnew = true;
    return arrived;
  }

  /** Folders, with all that is in them, and files where the disk was not as expected. Whether it is otherwise than was known. */
  async #lookAgain({ folders = [], files = [] }: LookAgain): Promise<boolean> {
    if (folders.length + files.length === 0) return false;
    const find = (id: NodeId): LocalNode | undefined => this.#parts.index.local.find(id);
    // What has no place any more is looked for everywhere.
    const pathOf = (id: NodeId): DiskPath => (id === rootId ? topPath : (findLocalPath(find, id) ?? topPath));
    // A file by itself: one that never rests is looked at again and again, and all there is may lie beside it.
    const at = new Map(findFolders(this.#parts, files.map(pathOf)).map((folder) => [folder.id, folder]));
    for (const id of folders) at.set(id, { id, path: pathOf(id) });
    const isEverywhere = [...at.values()].some(({ path, names }) => path === topPath && names === undefined);
    const from = isEverywhere ? undefined : [...at.values()];
    const { dirty } = this.#parts.index;
    const after = dirty.lastSeq();
    const isOtherwise = await this.#noteSeen((await observe(this.#parts, this.#signal, from, { resting: this.#resting })).isChanged);
    if (dirty.lastSeq() > after) this.#foundAfter ??= after;
    return isOtherwise;
  }

  #context(): PlanContext {
    return planContext(this.#parts, { isAnyHeld: this.#isAnyHeld, isPastKnown: this.#past.isKnown });
  }

  async #noteSeen(isChanged: boolean): Promise<boolean> {
    if (!isChanged) return false;
    this.#isSeenAnew = true;
    // What an interrupted run moved may be found only now.
    await undoHalfMoves(this.#parts);
    recordBrought(this.#parts);
    return true;
  }
}
