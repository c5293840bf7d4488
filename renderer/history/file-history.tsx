/** One file's versions, and the one that is chosen of them. */
import { useState, type ReactNode } from 'react';
import type { ToldVersion } from '../../src/control/acts/history-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { FileName } from '../parts/file-name.tsx';
import { ListState } from '../parts/list-state.tsx';
import { folderOf, lastName } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { usePages } from '../parts/use-pages.ts';
import type { VersionAt } from './restore.tsx';
import { VersionList } from './version-list.tsx';
import { VersionView } from './version-view.tsx';

const pageRows = 100;

export function FileHistory({ path, onOpenFolder }: { readonly path: string; readonly onOpenFolder: () => void }): ReactNode {
  const { t } = useSurroundings();
  const pages = usePages<ToldVersion>({
    key: path,
    ask: (before) => ask('list-versions', { path, skip: before.length, limit: pageRows }),
    events: ['activity'],
    step: pageRows,
  });
  const [chosen, setChosen] = useState<string>();
  const rows = pages.rows ?? [];
  const shown = rows.find(({ version }) => version === chosen) ?? rows[0];
  const folder = folderOf(path);
  return (
    <>
      <header className="spread detail-head">
        <div className="detail-name">
          <h2>
            <FileName name={lastName(path)} />
          </h2>
          <p className="fine-print">{folder === '' ? t('words.top-folder') : <FileName name={folder} />}</p>
        </div>
        {rows[0]?.kind === 'dir' && !rows[0].deleted ? (
          <Action icon="folder" onPress={onOpenFolder}>
            {t('history.open-folder')}
          </Action>
        ) : null}
      </header>
      <ListState
        pages={pages}
        empty={
          <EmptyState icon="history" title={t('history.no-versions')}>
            <p>{t('history.no-versions-detail')}</p>
          </EmptyState>
        }
      >
        <VersionList path={path} rows={rows} pages={pages} chosen={shown?.version} onChoose={setChosen} />
        {shown === undefined ? null : <VersionView key={shown.version} path={path} version={shown} now={nowAt(shown, rows[0])} />}
      </ListState>
    </>
  );
}

function nowAt(shown: ToldVersion, newest: ToldVersion | undefined): VersionAt['now'] {
  if (newest?.deleted === true) return 'nothing';
  return shown === newest && !shown.lost ? 'this' : 'another';
}
