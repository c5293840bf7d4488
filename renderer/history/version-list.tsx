/** The versions of a file, newest first. */
import type { ReactNode } from 'react';
import type { ToldVersion } from '../../src/control/acts/history-acts.ts';
import { FileName } from '../parts/file-name.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { RowList } from '../parts/row-list.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings, type Surroundings } from '../parts/surroundings.tsx';
import type { Pages } from '../parts/use-pages.ts';

/** So many lines are seen at once, and half of the next one. */
const seenRows = 4;

export function VersionList({
  path,
  rows,
  pages,
  chosen,
  onChoose,
}: {
  readonly path: string;
  readonly rows: readonly ToldVersion[];
  readonly pages: Pages<unknown>;
  readonly chosen: string | undefined;
  readonly onChoose: (version: string) => void;
}): ReactNode {
  const { t, formats } = useSurroundings();
  return (
    <section className="versions" aria-label={t('history.versions')}>
      <div className={`version-rows version-rows-${rows.length > seenRows ? 'many' : rows.length}`}>
        <RowList
          label={t('history.versions')}
          rows={rows}
          keyOf={({ version }) => version}
          textOf={(row) =>
            showHidden(
              wordsOf(row, row === rows[0], { t, formats })
                .filter((words) => words !== '')
                .join(', '),
            )
          }
          choosing="one"
          chosen={new Set(chosen === undefined ? [] : [chosen])}
          onChoose={(keys) => {
            const [version] = keys;
            if (version !== undefined) onChoose(version);
          }}
          pages={pages}
          dependencies={[rows]}
        >
          {(row) => <VersionRow row={row} path={path} isNewest={row === rows[0]} />}
        </RowList>
      </div>
    </section>
  );
}

function VersionRow({ row, path, isNewest }: { readonly row: ToldVersion; readonly path: string; readonly isNewest: boolean }): ReactNode {
  const { t, formats } = useSurroundings();
  const tag = tagOf(row, isNewest);
  const facts = [row.device === '' ? '' : row.device, row.kind === 'file' ? formats.bytes(row.size) : ''].filter((fact) => fact !== '');
  return (
    <>
      <Icon name={iconOf(row)} size={16} />
      <span className="row-words">
        <span>{row.at === null ? t('words.unknown') : formats.moment(row.at)}</span>
        <span className="fine-print version-facts">
          <FileName name={facts.join(' · ')} />
        </span>
        {row.path === path ? null : (
          <span className="fine-print version-facts">
            <span>{t('history.stood-at')}</span> <FileName name={row.path} />
          </span>
        )}
      </span>
      {tag === undefined ? null : <span className={tag === 'now' ? 'row-tag' : 'row-tag row-tag-warning'}>{t(`history.tag.${tag}`)}</span>}
    </>
  );
}

function tagOf({ lost, deleted }: ToldVersion, isNewest: boolean): 'lost' | 'removed' | 'now' | undefined {
  if (lost) return 'lost';
  if (deleted) return 'removed';
  return isNewest ? 'now' : undefined;
}

/** What is read out of a version. */
function wordsOf(row: ToldVersion, isNewest: boolean, { t, formats }: Pick<Surroundings, 't' | 'formats'>): readonly string[] {
  const tag = tagOf(row, isNewest);
  return [
    row.at === null ? t('words.unknown') : formats.moment(row.at),
    row.device,
    row.kind === 'file' ? formats.bytes(row.size) : '',
    tag === undefined ? '' : t(`history.tag.${tag}`),
  ];
}

function iconOf({ deleted, lost }: ToldVersion): IconName {
  if (lost) return 'alert';
  return deleted ? 'trash' : 'clock';
}
