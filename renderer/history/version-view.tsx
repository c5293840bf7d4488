/** One version: what it was, what it holds, and the ways to have it back. */
import type { ReactNode } from 'react';
import { Waiting } from '../parts/empty-state.tsx';
import { FailedRead } from '../parts/failed-read.tsx';
import { Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { ContentView } from '../preview/content-view.tsx';
import { useVersion } from '../preview/use-content.ts';
import { Restore, type VersionAt } from './restore.tsx';

export function VersionView({ path, version, now }: VersionAt): ReactNode {
  const { t } = useSurroundings();
  return (
    <section className="version-view" aria-label={t('history.version')}>
      {version.lost ? (
        <Notice kind="info">
          <p>{t('history.lost-detail')}</p>
        </Notice>
      ) : null}
      <Restore path={path} version={version} now={now} />
      {version.kind === 'file' ? (
        <VersionContent path={version.path} version={version.version} />
      ) : (
        <p className="soft">{t(`history.no-content.${version.kind}`)}</p>
      )}
    </section>
  );
}

function VersionContent({ path, version }: { readonly path: string; readonly version: string }): ReactNode {
  const { t } = useSurroundings();
  const { content, failure, again } = useVersion(path, version);
  if (content !== undefined) return <ContentView content={content} path={path} label={t('preview.title')} />;
  if (failure === undefined) return <Waiting label={t('words.loading')} />;
  return <FailedRead failure={failure} again={again} kind="warning" />;
}
