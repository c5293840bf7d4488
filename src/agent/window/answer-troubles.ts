/** What wants a person's decision: conflicts, problems, held mass changes. */
import { Failure } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import type { ToldContent } from '../../control/acts/shared-shapes.ts';
import type { ToldConflict, troubleActs } from '../../control/acts/trouble-acts.ts';
import type { Answered, Asked } from '../../control/acts/window-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { ConflictRecord } from '../../vault/entry/node-record.ts';
import { decideMassChange, heldFiles } from '../show/decide-mass-change.ts';
import { describeConflicts, type ConflictSide } from '../show/list-conflicts.ts';
import { lookInto } from '../folder/look-into.ts';
import { openConflicts } from '../../engine/open-conflicts.ts';
import { decideConflicts } from '../show/resolve-conflicts.ts';
import { findVaultPath } from '../show/vault-paths.ts';
import { showContent, type ShownContent } from './show-content.ts';
import { UndoBook } from './undo-book.ts';
import type { WindowDesk } from './window-desk.ts';

export function troubleAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof troubleActs> {
  const { profileDir } = desk.host;
  const undoing = new UndoBook(systemRandom);
  return {
    'list-conflicts': (wish) => lookInto(profileDir, ({ index }) => pageOfConflicts(index, wish)),
    'read-side': (wish) => readSide(desk, wish),
    decide: async ({ conflicts, keep }) => {
      const { session, loop } = await desk.whenKept();
      const decided = await loop.perform(
        (signal, moment) => decideConflicts(session, { choice: conflicts, keep }, { signal, moment }),
        'soon',
      );
      desk.tell('state', 'conflicts', 'activity');
      // What stands side by side anyway has nothing to bring back; what a folder held is for the history to bring back.
      const areFiles = decided.every(({ copy, of }) => copy.state.kind === 'file' && of.state.kind === 'file');
      const undo = decided.length === 0 || keep === 'both' || !areFiles ? null : undoing.note(decided);
      return { resolved: decided.length, undo };
    },
    'undo-decision': async ({ undo }) => {
      const { session, loop } = await desk.whenKept();
      const restored = await loop.perform((signal, moment) => undoing.undo(session, undo, { signal, moment }), 'soon');
      desk.tell('state', 'activity');
      return { restored };
    },
    'list-problems': (wish) => lookInto(profileDir, ({ index }) => pageOfProblems(index, wish)),
    'retry-problems': async () => {
      desk.retry();
      void (await desk.whenKept()).loop.request().catch(() => {});
      return {};
    },
    'list-held': ({ after, limit }) =>
      lookInto(profileDir, ({ index }) => {
        const held = heldFiles(index);
        const { rows, hasMore } = pageOf(held, ({ path }) => path, { after, limit });
        return { rows: rows.map(({ path, loss }) => ({ path, loss: toldLoss(loss) })), hasMore, total: held.length };
      }),
    'decide-held': async ({ word }) => {
      const files = await decideMassChange(desk.host, word);
      desk.kept?.loop.look();
      desk.tell('state', 'problems');
      return { files };
    },
  };
}

function toldLoss(loss: string): 'removed' | 'rewritten' {
  return loss.startsWith('removed') ? 'removed' : 'rewritten';
}

interface PageWish {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Of rows in the order of a key that no two share. */
function pageOf<Row>(sorted: readonly Row[], keyOf: (row: Row) => string, { after, limit }: PageWish): { rows: Row[]; hasMore: boolean } {
  const from = after === undefined ? 0 : sorted.findIndex((row) => keyOf(row) > after);
  const rows = from === -1 ? [] : sorted.slice(from, from + limit + 1);
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}

function pageOfConflicts(index: SyncIndex, wish: PageWish): Answered<'list-conflicts'> {
  const open = openConflicts(index).map((record) => ({ record, copy: findVaultPath(index, record.copy) ?? '' }));
  const sorted = open.toSorted((a, b) => (a.copy < b.copy ? -1 : 1));
  const { rows, hasMore } = pageOf(sorted, ({ copy }) => copy, wish);
  const described = describeConflicts(
    index,
    rows.map(({ record }) => record),
  );
  const told = described.map(({ ours, theirs, ...row }) => ({ ...row, ours: toldSide(ours), theirs: toldSide(theirs) }));
  return { rows: told, hasMore, total: open.length };
}

function toldSide({ device, mtime, size }: ConflictSide): ToldConflict['ours'] {
  return { device, mtime, size };
}

function pageOfProblems({ problems }: SyncIndex, { after, limit }: PageWish): Answered<'list-problems'> {
  const page = problems.list(limit, after === undefined ? undefined : { path: after });
  let last = page.at(-1);
  for (let next = last; next !== undefined;) {
    [next] = problems.list(1, last);
    if (next === undefined || next.path !== last?.path) break;
    page.push(next);
    last = next;
  }
  const rows = page.map(({ code, path, message, action }) => ({ code, path, message, action }));
  return { rows, hasMore: last !== undefined && problems.list(1, last).length > 0, total: problems.count() };
}

async function readSide(desk: WindowDesk, { conflict, side, maxBytes }: Asked<'read-side'>): Promise<ToldContent> {
  const { session } = await desk.whenKept();
  const record = openConflicts(session.index).find(({ copy }) => copy === conflict);
  if (record === undefined) throw new Failure('E_NOT_FOUND', 'this conflict is not open any more', { action: 'look at the list again' });
  const shown = contentOf(session.index, record, side);
  return shown === undefined ? { is: 'gone' } : showContent(session, shown, { maxBytes, signal: desk.host.signal });
}

function contentOf(index: SyncIndex, { copy, of, ancestor }: ConflictRecord, side: Asked<'read-side'>['side']): ShownContent | undefined {
  if (side === 'ancestor') return ancestor === undefined ? undefined : { ref: ancestor, node: undefined };
  const node = side === 'ours' ? copy : of;
  const state = index.remote.find(node)?.state;
  return state?.kind === 'file' ? { ref: state.content, node } : undefined;
}
