/** Writing an own entry: noted, put, seen to be there, recorded (FORMAT.md, section 6.5). */
import { toHex } from '../../../base/bytes.ts';
import { Failure } from '../../../base/failure.ts';
import type { Change, EntryBody } from '../../../model/change.ts';
import { entryName } from '../../../model/ids.ts';
import { limits } from '../../../model/limits.ts';
import { sealEntry } from '../../entry/seal-entry.ts';
import { floorFromBytes } from '../checkpoint/floor.ts';
import type { JournalDeps } from '../journal-deps.ts';
import type { CommitReport, GroupOutcome } from '../journal-report.ts';
import { statementsOf } from '../fold/judgement.ts';
import { openArrival } from '../arrive/open-arrival.ts';
import { findPending, givenUp, giveUp, lastOwn, notePending, type PendingEntry } from './own-entries.ts';
import { hasArrived, publishObject } from './publish-object.ts';
import { record } from '../arrive/record-entries.ts';
import { checkpointInForce } from '../checkpoint/settle-floor.ts';
import { outcomesOf, tryFold, type HeaderDraft } from '../fold/try-fold.ts';

const tagBytes = 8;

/** Ends the own entry that was begun, if there is one: it is put until the store has it, or given up where it came too late. */
export async function finishPending(deps: JournalDeps, signal: AbortSignal): Promise<void> {
  const { book } = deps;
  const pending = findPending(book);
  if (pending === undefined) return;
  const voidUpTo = checkpointInForce(book)?.change.lamport ?? floorFromBytes(book.readFact('floor')).lamport;
  if (pending.lamport <= voidUpTo && !(await hasArrived(deps, pending, signal))) {
    book.transaction(() => {
      giveUp(book, pending);
    });
    return;
  }
  await publishObject(deps, pending, signal);
  await record(deps, { entries: [{ ...openArrival(deps, pending.name, pending.bytes), mine: true }], join: undefined, signal });
}

export interface CommitOptions {
  /** Writes an entry also where there is nothing to say. */
  readonly isHeartbeat: boolean;
  readonly signal: AbortSignal;
  /** Called once the entry is seen to be in the store, beside recording it: others need not wait for this device's disk. */
  readonly onStored: () => Promise<void>;
}

/** Writes the groups that hold. */
export async function commitEntry(deps: JournalDeps, body: EntryBody, options: CommitOptions): Promise<CommitReport> {
  await finishPending(deps, options.signal);
  const draft = draftHeader(deps);
  const first = tryFold(deps, draft, body);
  const isWhole = first.outcomes.every(({ applied }) => applied);
  const held = isWhole ? body : { ...body, groups: body.groups.filter((_, at) => first.outcomes[at]?.applied === true) };
  const isEmpty = held.groups.length === 0 && held.packs.length === 0;
  if (isEmpty && !options.isHeartbeat) return { entry: undefined, outcomes: first.outcomes };
  const whole = withSkips(deps, held);
  const { root, prepared } = whole === body ? first : tryFold(deps, draft, whole);
  const { keys, sealing, book } = deps;
  const author = { keys: keys.epochKeys(draft.epoch), signingKey: keys.signingSecret };
  const { name, bytes, hash, header, bodyBytes } = sealEntry(sealing, author, { ...draft, root }, whole);
  if (bytes.byteLength > limits.entryMaxBytes) throw new Failure('E_TOO_LARGE', 'more than one entry can hold');
  const pending: PendingEntry = { name, hash, bytes, lamport: header.lamport, counter: header.counter };
  book.transaction(() => {
    notePending(book, pending);
  });
  await publishObject(deps, pending, options.signal);
  const entry = { header, hash, bodyBytes, body: whole, statements: statementsOf(whole), mine: true, ...(prepared && { prepared }) };
  const told = options.onStored();
  await bothEnd(record(deps, { entries: [entry], join: undefined, signal: options.signal }), told);
  const written = outcomesOf(book, header, whole).values();
  return {
    entry: name,
    outcomes: first.outcomes.map((outcome): GroupOutcome => (outcome.applied ? (written.next().value ?? outcome) : outcome)),
  };
}

/** Neither is left behind by the other's failure, which is thrown when both have ended; of two, the first one's. */
async function bothEnd(one: Promise<void>, other: Promise<void>): Promise<void> {
  await Promise.allSettled([one, other]);
  await one;
  await other;
}

/** Above everything that is known, and above everything of its own that was given up: that may turn up yet. */
function draftHeader({ book, keys, random, clock }: JournalDeps): HeaderDraft {
  const { device } = keys;
  const last = lastOwn(book, device);
  const seen = new Map([...book.heads()].map(([id, { counter, hash }]) => [id, { counter, hash }]));
  seen.delete(device);
  const known = [
    book.lastBefore(undefined)?.lamport ?? 0,
    floorFromBytes(book.readFact('floor')).lamport,
    ...givenUp(book).map(({ lamport }) => lamport),
  ];
  const lamport = Math.max(...known) + 1;
  const { hash: keyList, epoch } = keys.current();
  return {
    name: entryName(lamport, toHex(random.bytes(tagBytes))),
    lamport,
    epoch,
    device,
    seen,
    keyList,
    counter: (last?.counter ?? 0) + 1,
    previous: last?.hash,
    timeMs: clock.nowMs(),
  };
}

/** Skips stand last, so that they move no other change's version. */
function withSkips({ book }: JournalDeps, body: EntryBody): EntryBody {
  const skips = givenUp(book).map(({ name }): readonly Change[] => [{ do: 'skip', entry: name }]);
  return skips.length === 0 ? body : { ...body, groups: [...body.groups, ...skips] };
}
