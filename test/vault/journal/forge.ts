/** Authors who write entries without a store, seals or signatures: for the fold alone. */
import { loadPrimitives } from '../../../src/crypto/load-primitives.ts';
import type { ChangeGroup, EntryBody, EntryHeader, SeenVector } from '../../../src/model/change.ts';
import { entryName, parseId, type DeviceId, type EntryHash, type NodeId, type StateRoot, type Version } from '../../../src/model/ids.ts';
import type { EntryMark } from '../../../src/model/journal-book.ts';
import { encodeBody } from '../../../src/vault/entry/encode-body.ts';
import type { WholeEntry } from '../../../src/vault/journal/arrive/arrived-entry.ts';
import type { FoldListener, OwnChange } from '../../../src/vault/journal/fold/fold-listener.ts';
import { floorFromBytes, lastHash } from '../../../src/vault/journal/checkpoint/floor.ts';
import { statementsOf } from '../../../src/vault/journal/fold/judgement.ts';
import { readSum, rootOf } from '../../../src/vault/journal/book-state.ts';
import { refold } from '../../../src/vault/journal/fold/refold.ts';
import { MemoryJournalBook } from '../../world/memory-journal-book.ts';
import type { SeededChoice } from '../../world/seeded-choice.ts';

export const primitives = loadPrimitives();

/** An entry and what it does. */
export interface Forged extends WholeEntry {
  readonly body: EntryBody;
}

/** What a listener was told, as the base tree would have it. */
export class BaseOfOwn implements FoldListener {
  readonly base = new Map<NodeId, Version>();
  readonly told: string[] = [];

  applied({ change, before, after }: OwnChange): void {
    this.told.push(`applied ${change.node}`);
    this.#move(change.node, before?.version, after?.version);
  }

  revoked({ change, before, after }: OwnChange): void {
    this.told.push(`revoked ${change.node}`);
    this.#move(change.node, after?.version, before?.version);
  }

  ended(): void {
    // Ended conflicts have tests of their own.
  }

  delivered(): void {
    // Deliveries have tests of their own.
  }

  #move(node: NodeId, from: Version | undefined, to: Version | undefined): void {
    if (this.base.get(node) !== from) return;
    if (to === undefined) this.base.delete(node);
    else this.base.set(node, to);
  }
}

export class Author {
  readonly device: DeviceId;
  readonly book = new MemoryJournalBook();
  readonly ears = new BaseOfOwn();
  /** The base right after the last entry that was not lost. */
  baseAtWrite: ReadonlyMap<NodeId, Version> = new Map();
  readonly #choice: SeededChoice;
  /** Entries written and not recorded: the author gave them up. */
  readonly #lost: Forged[] = [];

  constructor(choice: SeededChoice) {
    this.#choice = choice;
    this.device = parseId('DeviceId', choice.id());
  }

  /** As an engine does before it writes: the disk now shows what the vault says. */
  pull(): void {
    this.ears.base.clear();
    for (const { id, version } of this.book.tree.nodes.values()) this.ears.base.set(id, version);
  }

  /** An entry upon all that this author has received, and received by it at once (unless it is `lost`). */
  write(groups: readonly ChangeGroup[], { isLost = false }: { readonly isLost?: boolean } = {}): Forged {
    this.pull();
    const skips = this.#lost.map(({ header: { name } }): ChangeGroup => [{ do: 'skip', entry: name }]);
    const body: EntryBody = { groups: [...groups, ...skips], packs: [] };
    const heads = new Map([...this.book.heads()].map(([device, { counter, hash }]) => [device, { counter, hash }]));
    const head = heads.get(this.device);
    const own = this.#lost.findLast(({ header }) => header.counter > (head?.counter ?? 0));
    const previous = own === undefined ? head : { counter: own.header.counter, hash: own.hash };
    heads.delete(this.device);
    const lamport = Math.max(this.book.lastBefore(undefined)?.lamport ?? 0, own?.header.lamport ?? 0) + 1;
    const header: EntryHeader = {
      name: entryName(lamport, this.#choice.id().slice(16)),
      lamport,
      epoch: 1,
      device: this.device,
      counter: (previous?.counter ?? 0) + 1,
      previous: previous?.hash,
      seen: heads,
      keyList: parseId('KeyListHash', '0'.repeat(64)),
      root: parseId('StateRoot', '0'.repeat(64)),
      timeMs: 0,
      bodyHash: lastHash,
    };
    const hash = parseId('EntryHash', this.#choice.id() + this.#choice.id());
    const draft: Forged = { header, hash, bodyBytes: encodeBody(body), statements: statementsOf(body), mine: true, body };
    const entry = { ...draft, header: { ...header, root: this.#rootWith(draft) } };
    if (isLost) this.#lost.push(entry);
    else {
      this.#lost.length = 0;
      this.#refold([entry], true);
    }
    this.baseAtWrite = new Map(this.ears.base);
    return { ...entry, mine: false };
  }

  /** Entries of others (and its own lost ones), complete with what is known. */
  receive(entries: readonly Forged[]): void {
    // One that turns up before another entry skips it was never given up (own-entries.ts).
    const arrived = entries.map((entry) => ({ ...entry, mine: this.#lost.some(({ hash }) => hash === entry.hash) }));
    this.#refold(arrived, true);
    const known = arrived.filter(({ mine }) => mine);
    const left = this.#lost.filter(
      ({ header }) => !known.some((entry) => entry.header.name === header.name || entry.statements.skips.includes(header.name)),
    );
    this.#lost.splice(0, Infinity, ...left);
  }

  /** Whether everything that the entry builds on is known, and it is not itself. */
  lacks({ header }: Forged): boolean {
    return this.book.findEntry(header.name) === undefined;
  }

  get root(): StateRoot {
    return rootOf(readSum(primitives, this.book));
  }

  get floorLamport(): number {
    return floorFromBytes(this.book.readFact('floor')).lamport;
  }

  /** Its vector up to a Lamport number, and the root there, as a checkpoint needs them. */
  vectorAt(lamport: number): SeenVector {
    const vector = new Map<DeviceId, { counter: number; hash: EntryHash }>();
    for (const mark of this.marks()) if (mark.lamport <= lamport) vector.set(mark.device, { counter: mark.counter, hash: mark.hash });
    return vector;
  }

  marks(): readonly EntryMark[] {
    return this.book.marksAfter({ lamport: 0, hash: lastHash }, Infinity);
  }

  #rootWith(entry: Forged): StateRoot {
    const copy = this.book.copy();
    copy.transaction(() => {
      refold({ book: copy, primitives, listener: new BaseOfOwn(), nowMs: 0, areRootsKnown: false }, [entry]);
    });
    return rootOf(readSum(primitives, copy));
  }

  #refold(entries: readonly WholeEntry[], areRootsKnown: boolean): void {
    this.book.transaction(() => {
      refold({ book: this.book, primitives, listener: this.ears, nowMs: 0, areRootsKnown }, entries);
    });
  }
}
