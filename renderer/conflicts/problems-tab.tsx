/** What could not be synced: why, what to do, and the way there. */
import { useState, type ReactNode } from 'react';
import type { ToldProblem } from '../../src/control/acts/trouble-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask, askShell } from '../parts/bridge.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { failureWords } from '../parts/failure-words.ts';
import { FilePath } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { ListState } from '../parts/list-state.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { RowList } from '../parts/row-list.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { usePages, type Pages } from '../parts/use-pages.ts';
import { problemWay } from './problem-way.ts';

const pageRows = 200;

export function ProblemsTab(): ReactNode {
  const { t, texts } = useSurroundings();
  const pages = useProblems();
  const { run, isBusy, failure } = useDoing();
  const [isLooking, setLooking] = useState(false);
  const retry = (): void => {
    setLooking(false);
    run(
      () => ask('retry-problems', {}),
      () => {
        setLooking(true);
        pages.again();
      },
    );
  };
  const rows = pages.rows ?? [];
  return (
    <div className="tab-frame">
      <ListState
        pages={pages}
        empty={
          <EmptyState icon="check" title={t('problems.none')}>
            <p>{t('problems.none-detail')}</p>
          </EmptyState>
        }
      >
        <div className="spread tab-head">
          <div className="tab-lead">
            <p>{t('problems.lead', { files: pages.total ?? rows.length })}</p>
            <p role="status" className="fine-print">
              {isLooking ? t('problems.looking') : ''}
            </p>
          </div>
          <Action icon="retry" onPress={retry} isBusy={isBusy}>
            {t('problems.retry')}
          </Action>
        </div>
        <FailureNotice failure={failure} />
        <div className="framed-list">
          <RowList
            label={t('problems.list')}
            rows={rows}
            keyOf={({ path, code }) => `${code} ${path}`}
            textOf={(problem) => showHidden(`${problem.path}: ${failureWords(texts, problem).what}`)}
            choosing="none"
            pages={pages}
          >
            {(problem) => <ProblemRow problem={problem} />}
          </RowList>
        </div>
      </ListState>
    </div>
  );
}

function useProblems(): Pages<ToldProblem> {
  return usePages<ToldProblem>({
    key: 'list-problems',
    ask: (before) => {
      const after = before.at(-1)?.path;
      return ask('list-problems', { limit: pageRows, ...(after === undefined ? {} : { after }) });
    },
    events: ['problems'],
    step: pageRows,
  });
}

function ProblemRow({ problem }: { readonly problem: ToldProblem }): ReactNode {
  const { t, texts } = useSurroundings();
  const { what, remedy, detail } = failureWords(texts, problem);
  return (
    <div className="problem-row">
      <span className="problem-icon">
        <Icon name="alert" size={16} />
      </span>
      <div className="problem-words">
        <FilePath path={problem.path} top={t('words.top-folder')} />
        <p>
          <strong>{showHidden(what)}</strong> {showHidden(remedy)}
        </p>
        {detail === '' ? null : (
          <p className="fine-print selectable">
            <bdi>{showHidden(detail)}</bdi>
          </p>
        )}
      </div>
      <WayButton problem={problem} />
    </div>
  );
}

function WayButton({ problem: { code, path } }: { readonly problem: ToldProblem }): ReactNode {
  const { t } = useSurroundings();
  const way = problemWay(code);
  if (way === undefined) return null;
  if (way === 'item') {
    return (
      <Action icon="folder" onPress={() => void askShell('show-item', { path })}>
        {t('words.show-in-folder')}
      </Action>
    );
  }
  return (
    <Action icon="gear" onPress={() => void askShell('open-window', { window: 'settings', page: way })}>
      {t('problems.settings')}
    </Action>
  );
}
