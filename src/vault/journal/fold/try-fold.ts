/** What an entry would do upon everything known, before it is written. */
import type { EntryBody, EntryHeader } from '../../../model/change.ts';
import { versionOf, type EntryName, type StateRoot } from '../../../model/ids.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import { encodeBody } from '../../entry/encode-body.ts';
import { speaks } from '../arrive/arrived-entry.ts';
import { traceFromText, type EntryTrace } from './fold-state.ts';
import type { FoldListener } from './fold-listener.ts';
import { lastHash } from '../checkpoint/floor.ts';
import type { GroupOutcome } from '../journal-report.ts';
import type { JournalDeps } from '../journal-deps.ts';
import { statementsOf, type Statements } from './judgement.ts';
import { readSum, rootOf } from '../book-state.ts';
import { PreparedFold } from './prepared-fold.ts';
import { refold } from './refold.ts';

/** What the next own entry is known to be before its root is. */
export type HeaderDraft = Omit<EntryHeader, 'root' | 'bodyHash'>;

export interface TriedFold {
  /** Root of the state with the entry. */
  readonly root: StateRoot;
  /** One for each group. */
  readonly outcomes: readonly GroupOutcome[];
  /** For when the very same body is recorded under the very same name. */
  readonly prepared?: PreparedFold;
}

/** Folds the entry without a trace. Its Lamport number is above all others: it comes last whatever its hash will be. */
export function tryFold(deps: JournalDeps, draft: HeaderDraft, body: EntryBody): TriedFold {
  const statements = statementsOf(body);
  return speaks(statements) ? tryInBook(deps, draft, { body, statements }) : tryInMemory(deps, draft.name, body);
}

function tryInMemory({ book, sealing }: JournalDeps, name: EntryName, body: EntryBody): TriedFold {
  const prepared = new PreparedFold(book, readSum(sealing.primitives, book), { name, body });
  return { root: rootOf(prepared.sum), outcomes: groupOutcomes(name, body, prepared.trace), prepared };
}

const deaf: FoldListener = { applied: () => undefined, revoked: () => undefined, ended: () => undefined, delivered: () => undefined };

/** What an entry says of others may change what they mean: then only the whole fold knows. */
function tryInBook(
  { book, sealing, clock }: JournalDeps,
  draft: HeaderDraft,
  { body, statements }: { readonly body: EntryBody; readonly statements: Statements },
): TriedFold {
  let tried: TriedFold | undefined;
  try {
    book.transaction(() => {
      const header: EntryHeader = { ...draft, root: unknownRoot, bodyHash: lastHash };
      const entry = { header, hash: lastHash, bodyBytes: encodeBody(body), statements, mine: false };
      refold({ book, primitives: sealing.primitives, listener: deaf, nowMs: clock.nowMs(), areRootsKnown: false }, [entry]);
      tried = { root: rootOf(readSum(sealing.primitives, book)), outcomes: outcomesOf(book, header, body) };
      throw new TakeBack();
    });
  } catch (error) {
    if (!(error instanceof TakeBack) || tried === undefined) throw error;
  }
  return tried as TriedFold;
}

/** What became of each group of a folded entry. */
export function outcomesOf(book: JournalBook, { name }: Pick<EntryHeader, 'name'>, body: EntryBody): GroupOutcome[] {
  return groupOutcomes(name, body, traceFromText(book.findTrace(name) ?? '"checkpoint"'));
}

function groupOutcomes(name: EntryName, { groups }: EntryBody, trace: EntryTrace): GroupOutcome[] {
  let first = 0;
  return groups.map((group, at): GroupOutcome => {
    const start = first;
    first += group.length;
    const images = typeof trace === 'string' ? trace : trace[at];
    if (images === undefined || typeof images === 'string') return { applied: false, reason: images ?? 'malformed' };
    return { applied: true, versions: group.map((_, index) => versionOf(name, start + index)) };
  });
}

const unknownRoot = '0'.repeat(64) as StateRoot;

/** Ends a transaction without a trace. */
class TakeBack extends Error {}
