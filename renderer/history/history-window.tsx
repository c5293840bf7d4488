/** What was: the vault's folders, versions of a file, files that are gone; looked at, and brought back. */
import '../preview/preview.css';
import './history.css';
import { useEffect, useState, type ReactNode } from 'react';
import { listen } from '../parts/bridge.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { LinkedWindow } from '../parts/linked-window.tsx';
import { folderOf } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { Browser, type BrowserView } from './browser.tsx';
import { FileHistory } from './file-history.tsx';

interface Place {
  readonly folder: string;
  readonly view: BrowserView;
  /** The file whose versions are shown. */
  readonly path: string | undefined;
}

export function HistoryWindow(): ReactNode {
  const { t } = useSurroundings();
  return (
    <LinkedWindow title={t('title.history')} news={['state', 'settings']}>
      {() => <History />}
    </LinkedWindow>
  );
}

function History(): ReactNode {
  const { t } = useSurroundings();
  const [place, setPlace] = useState<Place>(() => placeOf(new URLSearchParams(window.location.search).get('path') ?? undefined));
  useEffect(
    () =>
      listen(({ event, path }) => {
        if (event === 'show' && path !== undefined) setPlace(placeOf(path));
      }),
    [],
  );
  const { folder, view, path } = place;
  return (
    <div className="split">
      <div className="split-list">
        <Browser
          folder={folder}
          view={view}
          chosen={path}
          onGo={(next) => setPlace({ folder: next, view, path: undefined })}
          onView={(next) => setPlace({ folder, view: next, path: undefined })}
          onChoose={(next) => setPlace({ folder, view, path: next })}
        />
      </div>
      <div className="split-detail">
        {path === undefined ? (
          <EmptyState icon="history" title={t('history.choose')}>
            <p>{t('history.choose-detail')}</p>
          </EmptyState>
        ) : (
          <FileHistory key={path} path={path} onOpenFolder={() => setPlace({ folder: path, view: 'files', path: undefined })} />
        )}
      </div>
    </div>
  );
}

function placeOf(path: string | undefined): Place {
  return path === undefined || path === ''
    ? { folder: '', view: 'files', path: undefined }
    : { folder: folderOf(path), view: 'files', path };
}
