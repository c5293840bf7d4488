/** What stands in a folder: folders lead further down, a file shows its versions. */
import type { ReactNode } from 'react';
import type { ToldItem } from '../../src/control/acts/history-acts.ts';
import { ask } from '../parts/bridge.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { FileName } from '../parts/file-name.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { ListState } from '../parts/list-state.tsx';
import { RowList } from '../parts/row-list.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { usePages } from '../parts/use-pages.ts';

const pageRows = 300;

const icons: Readonly<Record<ToldItem['kind'], IconName>> = { dir: 'folder', file: 'file', link: 'link' };

export function ItemList({
  folder,
  chosen,
  onGo,
  onChoose,
}: {
  readonly folder: string;
  readonly chosen: string | undefined;
  readonly onGo: (folder: string) => void;
  readonly onChoose: (path: string) => void;
}): ReactNode {
  const { t } = useSurroundings();
  const pages = usePages<ToldItem>({
    key: folder,
    ask: (before) => {
      const after = before.at(-1)?.name;
      return ask('list-items', { path: folder, limit: pageRows, ...(after === undefined ? {} : { after }) });
    },
    events: ['activity', 'folders'],
    step: pageRows,
  });
  const rows = pages.rows ?? [];
  return (
    <ListState
      pages={pages}
      empty={
        <EmptyState icon="folder" title={t('history.empty-folder')}>
          <p>{t('history.empty-folder-detail')}</p>
        </EmptyState>
      }
    >
      <RowList
        label={t('history.files')}
        rows={rows}
        keyOf={({ path }) => path}
        textOf={({ name, local }) => (local ? showHidden(name) : `${showHidden(name)}, ${t('history.vault-only')}`)}
        choosing="one"
        chosen={new Set(chosen === undefined ? [] : [chosen])}
        onChoose={(keys) => {
          const [path] = keys;
          if (path !== undefined) onChoose(path);
        }}
        unchosen={rows.filter(({ kind }) => kind === 'dir').map(({ path }) => path)}
        onAction={(path) => {
          if (rows.some((row) => row.path === path && row.kind === 'dir')) onGo(path);
        }}
        pages={pages}
      >
        {(item) => <ItemRow item={item} />}
      </RowList>
    </ListState>
  );
}

function ItemRow({ item }: { readonly item: ToldItem }): ReactNode {
  const { t, formats } = useSurroundings();
  const facts = [
    item.kind === 'file' ? formats.bytes(item.size) : '',
    item.kind === 'link' ? t('history.link') : '',
    item.mtime === null || item.kind === 'dir' ? '' : formats.day(item.mtime),
  ].filter((fact) => fact !== '');
  return (
    <>
      <Icon name={icons[item.kind]} />
      <span className="row-words">
        <FileName name={item.name} />
        {facts.length === 0 ? null : <span className="fine-print one-line">{facts.join(' · ')}</span>}
      </span>
      {item.local ? null : (
        <span title={t('history.vault-only')}>
          <Icon name="cloud" size={16} />
          <span className="unseen">{t('history.vault-only')}</span>
        </span>
      )}
      {item.kind === 'dir' ? <Icon name="next" size={16} /> : null}
    </>
  );
}
