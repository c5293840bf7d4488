/** The conflicts: a list, and beside it what is chosen of it. */
import { useMemo, useState, type ReactNode } from 'react';
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';
import { ask } from '../parts/bridge.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListState } from '../parts/list-state.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { usePages, type Pages } from '../parts/use-pages.ts';
import { ChosenMany } from './chosen-many.tsx';
import { ConflictDetail } from './conflict-detail.tsx';
import { groupByFolder, nextAfter, settleChoice, toEntries } from './conflict-groups.ts';
import { ConflictList } from './conflict-list.tsx';
import { UndoBar } from './undo-bar.tsx';
import { useDecisions, type Keep } from './use-decisions.ts';

/** So many come at once, more at the end of the list. */
const loadedAtOnce = 5000;
const pageRows = 500;

export function ConflictsTab({ here }: { readonly here: string | undefined }): ReactNode {
  const { t } = useSurroundings();
  const pages = useConflicts();
  const groups = useMemo(() => groupByFolder(pages.rows ?? []), [pages.rows]);
  const entries = useMemo(() => toEntries(groups), [groups]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAfterDecision, setAfterDecision] = useState(false);
  const decisions = useDecisions();

  // What is gone is chosen no more; where nothing is, the first is shown.
  const there = (pages.rows ?? []).filter(({ id }) => chosen.has(id));
  const first = entries.find((entry) => entry.is === 'conflict');
  const shown = there.length > 0 || first?.is !== 'conflict' ? there : [first.conflict];
  const shownKeys = there.length > 0 ? chosen : new Set(shown.map(({ id }) => id));
  const group = groups.find(({ key, conflicts }) => shownKeys.has(key) && conflicts.length === shown.length);

  const decide = (keep: Keep): void => {
    const ids = shown.map(({ id }) => id);
    decisions.decide(ids, keep, () => {
      const next = nextAfter(entries, new Set(ids));
      setChosen(next === undefined ? new Set() : settleChoice(new Set(), new Set([next]), groups));
      setAfterDecision(true);
      pages.again();
    });
  };
  const [only] = shown;
  return (
    <div className="tab-frame">
      <ListState
        pages={pages}
        empty={
          <EmptyState icon="check" title={t('conflicts.none')}>
            <p>{t('conflicts.none-detail')}</p>
          </EmptyState>
        }
      >
        <div className="split">
          <div className="split-list">
            <ConflictList
              entries={entries}
              chosen={shownKeys}
              pages={pages}
              onChoose={(after) => {
                setAfterDecision(false);
                setChosen(settleChoice(shownKeys, after, groups));
              }}
            />
          </div>
          <div className="split-detail">
            {shown.length === 1 && only !== undefined ? (
              <ConflictDetail conflict={only} here={here} isBusy={decisions.isBusy} takesFocus={isAfterDecision} onDecide={decide} />
            ) : (
              <ChosenMany conflicts={shown} group={group} here={here} isBusy={decisions.isBusy} onDecide={decide} />
            )}
          </div>
        </div>
      </ListState>
      <UndoBar decisions={decisions} onUndone={pages.again} />
    </div>
  );
}

function useConflicts(): Pages<ToldConflict> {
  return usePages<ToldConflict>({
    key: 'list-conflicts',
    ask: (before) => {
      const after = before.at(-1)?.path;
      return ask('list-conflicts', { limit: pageRows, ...(after === undefined ? {} : { after }) });
    },
    events: ['conflicts'],
    step: loadedAtOnce,
  });
}
