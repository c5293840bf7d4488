/**
 * Which conflicts people were told of, and what became of them: they are told of until somebody decides, and in a history nobody does
 * but by what he removes, or puts another item in the place of.
 */
import { findVaultPath } from '../../src/agent/show/vault-paths.ts';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { readPast } from '../../src/index/past-reader.ts';
import type { EntryName, NodeId } from '../../src/model/ids.ts';
import type { JournalBook, PastState } from '../../src/model/journal-book.ts';
import type { NodeState } from '../../src/model/node.ts';
import { conflictFromText, recordsIn, traceFromText } from '../../src/vault/journal/fold/fold-state.ts';
import type { Ledger } from './ledger.ts';
import type { SimDevice } from './sim-device.ts';

const statesMax = 1000;

/** A conflict that a device told of. */
interface Told {
  readonly copy: NodeId;
  /** What it was in conflict with. */
  readonly of: NodeId;
  /** The entry that said so; undefined where that is so old that nobody keeps what it did. */
  readonly entry: EntryName | undefined;
}

/** What is asked of a vault in the end. */
interface Ended {
  readonly devices: readonly SimDevice[];
  readonly ledger: Ledger;
  /** The text of a file's content. */
  readonly textOf: (content: string) => string | undefined;
}

export class ConflictWatch {
  /** By the copy. */
  readonly #told = new Map<NodeId, Told>();
  readonly #decided = new Set<NodeId>();
  /** Entries that were seen to be void, as long as what they did was kept. */
  readonly #void = new Set<EntryName>();

  /** Notes what the device tells its person by now; of what one tells that was removed nobody else may have heard. */
  look({ index, isRemoved }: SimDevice): void {
    if (isRemoved) return;
    const book = openJournalBook(index);
    for (const { copy, entry } of this.#told.values()) if (entry !== undefined && isVoid(book, entry, copy)) this.#void.add(entry);
    for (const { copy, of } of openConflicts(index)) {
      const known = this.#told.get(copy)?.entry;
      const isKnown = known !== undefined && isIn(book, known, copy);
      this.#told.set(copy, { copy, of, entry: isKnown ? known : findEntry(book, copy) });
    }
  }

  /** A person decided it. */
  decide(copy: NodeId): void {
    this.#decided.add(copy);
  }

  /** What has become of one that is told of no more; undefined where each is, or somebody decided it. */
  findFault(ended: Ended): string | undefined {
    const [first] = ended.devices;
    if (first === undefined) return undefined;
    const open = new Set(openConflicts(first.index).map(({ copy }) => copy));
    for (const [copy, told] of this.#told) {
      // An entry that came late stands before that one and made it void: then there never was a conflict.
      const wasNone = told.entry !== undefined && this.#void.has(told.entry);
      const fault = open.has(copy) || wasNone || this.#decided.has(copy) ? undefined : faultOf(ended, first, told);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

function faultOf(ended: Ended, first: SimDevice, { copy, of, entry }: Told): string | undefined {
  const { index } = first;
  const book = openJournalBook(index);
  // What has no trace any more is certain.
  if (entry !== undefined && isVoid(book, entry, copy)) return undefined;
  const record = book.findRecord('conflict', copy);
  const names = [copy, of].map((node) => findVaultPath(index, node) ?? lastNameOf(ended, node)).join(' of ');
  if (record !== undefined && conflictFromText(record).settled !== undefined) return `decided by nobody: ${names}`;
  const gone = [copy, of].filter((node) => index.remote.find(node) === undefined);
  // Where one is there again, as somebody else moved or edited it meanwhile, the conflict is open again; but not where the other had gone, too.
  const once = [copy, of].filter((node) => gone.includes(node) || wasGone(ended, node));
  if (gone.length === 0 && once.length < 2) return `told of no more, and both stand: ${names}`;
  const removed = once.length === 2 ? once : gone;
  // One that nobody knows of never was: the entry that made it came too late, or was skipped.
  if (removed.some((node) => isDecided(ended, statesOf(ended, node)))) return undefined;
  return `told of no more, and nobody removed one of the two: ${names}`;
}

/** Whether the entry says anything of this conflict, and holds. */
function isIn(book: JournalBook, entry: EntryName, copy: NodeId): boolean {
  const trace = traceFromText(book.findTrace(entry) ?? '[]');
  return recordsIn(trace).some(([kind, key]) => kind === 'conflict' && key === copy);
}

/** Whether it says nothing of the conflict any more, as far as what it did is kept. */
function isVoid(book: JournalBook, entry: EntryName, copy: NodeId): boolean {
  return book.findTrace(entry) !== undefined && !isIn(book, entry, copy);
}

/** The first one that does. */
function findEntry(book: JournalBook, copy: NodeId): EntryName | undefined {
  return book.namesFrom(0).find((name) => isIn(book, name, copy));
}

function isDecided({ ledger, textOf }: Ended, states: readonly NodeState[]): boolean {
  if (states.length === 0) return true;
  return states.some((state) => {
    if (state.kind !== 'file') return ledger.hasRemoved(state.kind);
    const text = textOf(state.content.id);
    // What nobody wrote was cut off by a power failure, or mixed of two: other questions ask for that.
    return text === undefined || ledger.wasRemoved(text);
  });
}

function lastNameOf(ended: Ended, node: NodeId): string {
  return statesOf(ended, node)[0]?.name ?? node;
}

/** Whether the vault was without it once. */
function wasGone(ended: Ended, node: NodeId): boolean {
  return pastOf(ended, node).some(({ isRemoved }) => isRemoved);
}

/** All that the node ever was, as far as anybody knows it. */
function statesOf(ended: Ended, node: NodeId): readonly NodeState[] {
  return pastOf(ended, node).map((past) => past.node.state);
}

function pastOf({ devices }: Ended, node: NodeId): readonly PastState[] {
  const known = devices.map(({ index }) => readPast(index).statesOf(node, undefined, statesMax));
  return known.find((states) => states.length > 0) ?? [];
}
