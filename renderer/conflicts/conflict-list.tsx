/** The open conflicts, by folder. */
import type { ReactNode } from 'react';
import { FileName } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowList } from '../parts/row-list.tsx';
import { lastName, showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { Pages } from '../parts/use-pages.ts';
import type { ConflictEntry } from './conflict-groups.ts';

export function ConflictList({
  entries,
  chosen,
  onChoose,
  pages,
}: {
  readonly entries: readonly ConflictEntry[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly pages: Pages<unknown>;
}): ReactNode {
  const { t } = useSurroundings();
  const alone = entries.flatMap((entry) => (entry.is === 'folder' && entry.group.conflicts.length === 1 ? [entry.group.key] : []));
  return (
    <RowList
      label={t('conflicts.list')}
      rows={entries}
      keyOf={(entry) => (entry.is === 'folder' ? entry.group.key : entry.conflict.id)}
      textOf={(entry) =>
        entry.is === 'folder'
          ? t('conflicts.folder-row', {
              folder: folderWords(entry.group.folder, t('words.top-folder')),
              files: entry.group.conflicts.length,
            })
          : showHidden(lastName(entry.conflict.path))
      }
      classOf={(entry) => `conflict-row-${entry.is}`}
      choosing="many"
      chosen={chosen}
      onChoose={onChoose}
      unchosen={alone}
      pages={pages}
    >
      {(entry) =>
        entry.is === 'folder' ? (
          <>
            <Icon name="folder" size={16} />
            <span className="row-words">{entry.group.folder === '' ? t('words.top-folder') : <FileName name={entry.group.folder} />}</span>
            <span className="numbers soft">{entry.group.conflicts.length}</span>
          </>
        ) : (
          <span className="row-words">
            <FileName name={lastName(entry.conflict.path)} />
            <span className="fine-print one-line">
              {t('conflicts.between', { ours: entry.conflict.ours.device, theirs: entry.conflict.theirs.device })}
            </span>
          </span>
        )
      }
    </RowList>
  );
}

function folderWords(folder: string, top: string): string {
  return folder === '' ? top : folder;
}
