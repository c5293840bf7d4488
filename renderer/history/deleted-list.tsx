/** Files that are gone from a folder and from those in it, the last one first. */
import type { ReactNode } from 'react';
import type { ToldVersion } from '../../src/control/acts/history-acts.ts';
import { ask } from '../parts/bridge.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { FileName } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { ListState } from '../parts/list-state.tsx';
import { RowList } from '../parts/row-list.tsx';
import { folderOf, lastName, showHidden } from '../parts/shown-text.ts';
import { useNow, useSurroundings } from '../parts/surroundings.tsx';
import { usePages } from '../parts/use-pages.ts';

const pageRows = 200;

export function DeletedList({
  folder,
  chosen,
  onChoose,
}: {
  readonly folder: string;
  readonly chosen: string | undefined;
  readonly onChoose: (path: string) => void;
}): ReactNode {
  const { t } = useSurroundings();
  const nowMs = useNow();
  const pages = usePages<ToldVersion>({
    key: folder,
    ask: (before) => ask('list-deleted', { path: folder, skip: before.length, limit: pageRows }),
    events: ['activity', 'folders'],
    step: pageRows,
  });
  // The same place may have lost a file more than once: its versions are those of the place.
  const rows = firstOfEach(pages.rows ?? []);
  return (
    <ListState
      pages={pages}
      empty={
        <EmptyState icon="check" title={t('history.nothing-deleted')}>
          <p>{t('history.nothing-deleted-detail')}</p>
        </EmptyState>
      }
    >
      <RowList
        label={t('history.deleted')}
        rows={rows}
        keyOf={({ path }) => path}
        textOf={({ path }) => showHidden(lastName(path))}
        choosing="one"
        chosen={new Set(chosen === undefined ? [] : [chosen])}
        onChoose={(keys) => {
          const [path] = keys;
          if (path !== undefined) onChoose(path);
        }}
        pages={pages}
        dependencies={[nowMs]}
      >
        {(row) => <DeletedRow row={row} within={folder} nowMs={nowMs} />}
      </RowList>
    </ListState>
  );
}

function DeletedRow({ row, within, nowMs }: { readonly row: ToldVersion; readonly within: string; readonly nowMs: number }): ReactNode {
  const { t, formats } = useSurroundings();
  const folder = folderOf(row.path);
  const when = row.at === null ? '' : formats.agoBriefly(row.at, nowMs);
  return (
    <>
      <Icon name="trash" />
      <span className="row-words">
        <FileName name={lastName(row.path)} />
        {folder === within ? null : (
          <span className="fine-print">
            <FileName name={within === '' ? folder : folder.slice(within.length + 1)} />
          </span>
        )}
        <span className="fine-print one-line">{row.device === '' ? when : t('history.removed-by', { device: row.device, when })}</span>
      </span>
    </>
  );
}

function firstOfEach(rows: readonly ToldVersion[]): readonly ToldVersion[] {
  return [...Map.groupBy(rows, ({ path }) => path).values()].flatMap(([first]) => (first === undefined ? [] : [first]));
}
