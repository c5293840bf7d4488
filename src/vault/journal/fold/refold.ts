/**
 * Puts entries that arrived into the fold, each at its place, whatever is folded already (FORMAT.md, section 6.4).
 *
 * The tree is always what folding the set known so far gives, in the one order. So what stands behind the first arrival is
 * taken back, and all of it, old and new, is folded again from there. On the way the set of entries up to each place is a
 * set like any other: it is judged by itself, and where it is exactly what an arriving entry's author had seen, the state
 * roots must agree.
 */
import type { Primitives } from '../../../crypto/primitives.ts';
import type { StateSum } from '../../../crypto/state-root.ts';
import type { EntryBody } from '../../../model/change.ts';
import type { DeviceId, EntryHash, EntryName, NodeId } from '../../../model/ids.ts';
import type { EntryMark, FoldPosition, JournalBook, RecordKind } from '../../../model/journal-book.ts';
import type { ConflictRecord } from '../../entry/node-record.ts';
import { encodeHeader } from '../../entry/header-wire.ts';
import { parseProvenBody } from '../../entry/parse-body.ts';
import { applyEntry, undoEntry } from './apply-entry.ts';
import { placeOf, speaks, type ArrivedEntry, type WholeEntry } from '../arrive/arrived-entry.ts';
import { readSpeaker, readSum } from '../book-state.ts';
import { checkRoots } from './check-roots.ts';
import { conflictFromText, recordsIn, traceFromText, traceToText, type EntryTrace, type FoldState } from './fold-state.ts';
import type { FoldListener } from './fold-listener.ts';
import { floorFromBytes, floorToBytes, lastHash, type Floor } from '../checkpoint/floor.ts';
import { requireFloorHolds } from '../checkpoint/floor-holds.ts';
import { comparePositions, Judgement, type EntryPlace, type Speaker } from './judgement.ts';
import { appliedChanges, OwnLedger } from './own-changes.ts';
import { pastStates } from './past-states.ts';
import type { PreparedFold } from './prepared-fold.ts';

const pageSize = 100;

/** What refolding works with. */
export interface RefoldDeps {
  readonly book: JournalBook;
  readonly primitives: Primitives;
  readonly listener: FoldListener;
  readonly nowMs: number;
  /** Whether what the entries say of roots is to be compared: not for one that is still being written. */
  readonly areRootsKnown: boolean;
}

/**
 * Records and folds the entries: verified, complete (FORMAT.md, section 6.5), none of them in the book. Inside a
 * transaction of the book. Throws E_TAMPER where a state root differs from what its author signed, E_INDEX_DAMAGED where a
 * checkpoint turns up that this book can't go back to.
 */
export function refold(deps: RefoldDeps, arrived: readonly WholeEntry[]): void {
  new Refold(deps).run(arrived);
}

function bodyOf({ body, bodyBytes }: WholeEntry): EntryBody {
  return body ?? parseProvenBody(bodyBytes);
}

type SeenSoFar = Map<DeviceId, { readonly counter: number; readonly hash: EntryHash }>;

class Refold {
  readonly #deps: RefoldDeps;
  readonly #book: JournalBook;
  #floor: Floor;
  readonly #sum: StateSum;
  readonly #state: FoldState & { readonly sum: StateSum };
  readonly #ledger = new OwnLedger();
  /** Conflicts that were open at some time of this run, and that it touched. */
  readonly #conflicts = new Map<NodeId, ConflictRecord>();
  readonly #foldedHere = new Set<EntryName>();
  /** Of the set up to the place that this run is at. */
  #speakers: Speaker[];
  #judgement: Judgement;

  constructor(deps: RefoldDeps) {
    this.#deps = deps;
    this.#book = deps.book;
    this.#floor = floorFromBytes(deps.book.readFact('floor'));
    this.#sum = readSum(deps.primitives, deps.book);
    this.#state = { tree: deps.book.tree, records: deps.book, sum: this.#sum };
    this.#speakers = deps.book.speakersAfter(this.#floor.lamport).map((mark) => readSpeaker(deps.book, mark));
    this.#judgement = new Judgement(this.#speakers, this.#floor.lamport);
  }

  run(arrived: readonly WholeEntry[]): void {
    const sorted = arrived.toSorted((a, b) => comparePositions(placeOf(a), placeOf(b)));
    const folded = sorted.filter((entry) => !this.#recordAsVoid(entry));
    const first = folded[0];
    if (first !== undefined) this.#foldFrom(folded, placeOf(first));
    this.#ledger.tell(this.#deps.listener);
    this.#tellEnded();
    this.#book.writeFact('sum', this.#sum.bytes());
  }

  /** An entry that a checkpoint voids already changes nothing of what others mean: nothing needs to be folded again. */
  #recordAsVoid(entry: WholeEntry): boolean {
    const place = placeOf(entry);
    const isLate = place.lamport <= this.#floor.lamport;
    if (!isLate && this.#judgement.verdict(place) !== 'checkpoint') return false;
    this.#record(entry, bodyOf(entry));
    this.#book.setTrace(place.name, traceToText('checkpoint'));
    // A checkpoint that reaches further may know it after all: then its word counts.
    if (!isLate && speaks(entry.statements)) this.#speakers.push({ ...place, statements: entry.statements });
    if (isLate) this.#floor = { ...this.#floor, hasLate: true };
    if (isLate) this.#book.writeFact('floor', floorToBytes(this.#floor));
    return true;
  }

  #foldFrom(arrived: readonly WholeEntry[], first: EntryPlace): void {
    const place = this.#judgeBelow(first);
    const taken = this.#takeBackTo(place);
    const seen = this.#seenBefore(taken);
    const queue = [
      ...arrived.map((entry) => ({ place: placeOf(entry), entry })),
      ...taken.map((mark) => ({ place: mark, entry: undefined })),
    ];
    for (const { place: at, entry } of queue.toSorted((a, b) => comparePositions(a.place, b.place))) {
      const body = entry && bodyOf(entry);
      const mark = entry === undefined || body === undefined ? (at as EntryMark) : this.#record(entry, body);
      this.#hear(mark);
      this.#fold(mark, body, entry?.prepared);
      seen.set(mark.device, { counter: mark.counter, hash: mark.hash });
      if (entry !== undefined && this.#deps.areRootsKnown) {
        checkRoots({ book: this.#book, floor: this.#floor, sum: this.#sum, judgement: this.#judgement, seen }, entry);
      }
    }
  }

  /** The highest place at or below this one under which the set, judged by itself, is folded as it is now. */
  #judgeBelow(first: FoldPosition): FoldPosition {
    const whole = this.#judgement;
    let place = first;
    for (;;) {
      const below = this.#speakers.filter((speaker) => comparePositions(speaker, place) < 0);
      if (below.length === this.#speakers.length) return place;
      this.#speakers = below;
      this.#judgement = new Judgement(this.#speakers, this.#floor.lamport);
      const changed = this.#firstJudgedOtherwise(whole, place);
      if (changed === undefined) return place;
      place = changed;
    }
  }

  #record(entry: WholeEntry, body: EntryBody): EntryMark {
    const { header, mine, bodyBytes, statements } = entry;
    const mark: EntryMark = {
      ...placeOf(entry),
      mine,
      speaks: speaks(statements),
      arrivedMs: this.#deps.nowMs,
      timeMs: header.timeMs,
    };
    this.#book.addEntry(mark, { header: encodeHeader(header), body: mark.lamport > this.#floor.lamport ? bodyBytes : undefined });
    this.#deliver(entry, body);
    return mark;
  }

  #deliver({ header: { name, device }, mine }: ArrivedEntry, body: EntryBody): void {
    const contents = body.groups.flatMap((group) =>
      group.flatMap((change) =>
        change.do === 'put' && change.state.kind === 'file' ? [{ node: change.node, content: change.state.content }] : [],
      ),
    );
    this.#deps.listener.delivered({ entry: name, device, mine, packs: body.packs, contents });
  }

  /** Takes back every folded entry from this place on; these, in fold order. */
  #takeBackTo(place: FoldPosition): EntryMark[] {
    const taken: EntryMark[] = [];
    let mark = this.#book.lastBefore(undefined);
    while (mark !== undefined && mark.lamport > this.#floor.lamport && comparePositions(mark, place) >= 0) {
      const text = this.#book.findTrace(mark.name);
      if (text !== undefined) this.#takeBack(mark, traceFromText(text));
      taken.push(mark);
      mark = this.#book.lastBefore(mark);
    }
    return taken.toReversed();
  }

  #takeBack(mark: EntryMark, trace: EntryTrace): void {
    for (const [kind, key] of recordsIn(trace)) this.#noteConflict(kind, this.#book.findRecord(kind, key));
    undoEntry(this.#state, trace);
    this.#book.setTrace(mark.name, undefined);
    this.#book.erasePast(mark.name);
    if (!mark.mine) return;
    const changes = appliedChanges({ name: mark.name, body: this.#bodyOf(mark) }, trace);
    if (this.#foldedHere.delete(mark.name)) this.#ledger.forgotten(changes);
    else this.#ledger.takenBack(changes);
  }

  #fold(mark: EntryMark, known?: EntryBody, prepared?: PreparedFold): void {
    const verdict = this.#judgement.verdict(mark);
    const body = known ?? this.#bodyOf(mark);
    const trace = verdict ?? prepared?.take(this.#state) ?? applyEntry(this.#state, { name: mark.name, groups: body.groups });
    this.#book.setTrace(mark.name, traceToText(trace));
    this.#book.addPast(pastStates({ name: mark.name, body }, trace));
    for (const [kind, , before] of recordsIn(trace)) this.#noteConflict(kind, before ?? undefined);
    if (!mark.mine) return;
    this.#foldedHere.add(mark.name);
    this.#ledger.folded(appliedChanges({ name: mark.name, body }, trace));
  }

  #noteConflict(kind: RecordKind, record: string | undefined): void {
    if (kind !== 'conflict' || record === undefined) return;
    const conflict = conflictFromText(record);
    if (conflict.settled === undefined) this.#conflicts.set(conflict.copy, conflict);
  }

  #tellEnded(): void {
    for (const [copy, conflict] of this.#conflicts)
      if (this.#book.findRecord('conflict', copy) === undefined) this.#deps.listener.ended(conflict);
  }

  /** Lets the entry's word on others count: those it makes void, or whole again, are folded anew. */
  #hear(mark: EntryMark): void {
    if (!mark.speaks) return;
    const speaker = readSpeaker(this.#book, mark);
    this.#speakers.push(speaker);
    const judgement = new Judgement(this.#speakers, this.#floor.lamport);
    requireFloorHolds(this.#book, this.#floor, { judgement, speakers: this.#speakers, speaker });
    const changed = this.#firstJudgedOtherwise(judgement, mark);
    this.#judgement = judgement;
    if (changed === undefined) return;
    // What stands behind this entry was not folded yet, or was taken back before.
    for (const again of this.#takeBackTo(changed)) if (comparePositions(again, mark) < 0) this.#fold(again);
  }

  #firstJudgedOtherwise(judgement: Judgement, before: FoldPosition): EntryMark | undefined {
    let page = this.#book.marksAfter({ lamport: this.#floor.lamport, hash: lastHash }, pageSize);
    while (page.length > 0) {
      for (const mark of page) {
        if (comparePositions(mark, before) >= 0) return undefined;
        if (judgement.verdict(mark) !== this.#judgement.verdict(mark)) return mark;
      }
      page = this.#book.marksAfter(page.at(-1) ?? before, pageSize);
    }
    return undefined;
  }

  /** Vector of the set below the entries taken back: all that the book knows, less these. */
  #seenBefore(taken: readonly EntryMark[]): SeenSoFar {
    const seen: SeenSoFar = new Map();
    for (const [device, { counter, hash }] of this.#book.heads()) seen.set(device, { counter, hash });
    for (const { device, counter } of taken.toReversed()) {
      const previous = this.#findPrevious(device, counter);
      if (previous === undefined) seen.delete(device);
      else seen.set(device, previous);
    }
    return seen;
  }

  /** The device's entry before this one; counters have gaps where an entry was given up. */
  #findPrevious(device: DeviceId, counter: number): { readonly counter: number; readonly hash: EntryHash } | undefined {
    const below = this.#floor.vector.get(device);
    for (let at = counter - 1; at > (below?.counter ?? 0); at -= 1) {
      const mark = this.#book.findAt(device, at);
      if (mark !== undefined) return mark;
    }
    return below;
  }

  #bodyOf(mark: EntryMark): EntryBody {
    return parseProvenBody(this.#book.readBody(mark.name));
  }
}
