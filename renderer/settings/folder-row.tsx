import type { ReactNode } from 'react';
import type { TreeRow } from '../../src/control/acts/folder-acts.ts';
import { FileName } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { ShownRow } from './folder-tree.ts';

interface FolderRowProps {
  readonly shown: ShownRow;
  readonly number: number;
  readonly top: string;
  /** It is the one that keys act upon. */
  readonly isAt: boolean;
  readonly chosen: TreeRow['chosen'];
  readonly onGo: () => void;
  readonly onTick: () => void;
  readonly onOpen: (path: string, isOpen: boolean) => void;
}

const checkedWords = { all: 'true', none: 'false', some: 'mixed' } as const;

/** A folder of the tree: its arrow, its tick, its name, what is in it. The tree itself takes the keys. */
export function FolderRow({ shown, number, top, isAt, chosen, onGo, onTick, onOpen }: FolderRowProps): ReactNode {
  const { t, formats } = useSurroundings();
  const place = { top, paddingInlineStart: `${(shown.level - 1) * 1.4 + 0.5}rem` };
  if (shown.is === 'more') {
    return (
      <div
        className={`tree-row soft${isAt ? ' is-at' : ''}`}
        role="treeitem"
        id={`folder-${number}`}
        aria-level={shown.level}
        aria-posinset={shown.at}
        aria-setsize={shown.of}
        aria-selected={isAt}
        style={place}
      >
        {t('selective.loading')}
      </div>
    );
  }
  const { row, isOpen } = shown;
  const bytes = formats.bytes(row.bytes);
  return (
    // Keys are the tree's: the row has no focus of its own.
    // oxlint-disable-next-line click-events-have-key-events, interactive-supports-focus
    <div
      className={`tree-row${isAt ? ' is-at' : ''}`}
      role="treeitem"
      id={`folder-${number}`}
      aria-level={shown.level}
      aria-posinset={shown.at}
      aria-setsize={shown.of}
      aria-checked={checkedWords[chosen]}
      aria-selected={isAt}
      {...(row.hasFolders ? { 'aria-expanded': isOpen } : {})}
      style={place}
      onClick={onGo}
    >
      <span
        className={`tree-arrow${isOpen ? ' is-open' : ''}`}
        aria-hidden="true"
        onClick={() => (row.hasFolders ? onOpen(row.path, !isOpen) : undefined)}
      >
        {row.hasFolders ? <Icon name="down" size={16} /> : null}
      </span>
      <span className={`tick-box${chosen === 'none' ? '' : ' is-on'}`} aria-hidden="true" onClick={onTick}>
        <Icon name={chosen === 'some' ? 'minus' : 'check'} />
      </span>
      <Icon name="folder" size={16} />
      <FileName name={row.name} />
      {/* Between the two where they are read out. */}{' '}
      <span className="tree-size fine-print numbers">{t('selective.size', { bytes, files: row.files })}</span>
      <span className="tree-size-alone fine-print numbers">{bytes}</span>
    </div>
  );
}
