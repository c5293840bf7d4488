/** The tree with its ticks. Only what is seen is drawn: a hundred thousand folders are as quick as ten. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useSurroundings } from '../parts/surroundings.tsx';
import { FolderRow } from './folder-row.tsx';
import { chosenOf, type Choice } from './folder-choice.ts';
import { pageRows, type WantedPage } from './folder-tree-loader.ts';
import { rowsOf, type ShownRow } from './folder-tree.ts';
import { moveFor } from './tree-keys.ts';
import { useTypeAhead } from './use-type-ahead.ts';
import type { LoadedTree } from './use-folder-tree.ts';

/** A row's height in rem, as in settings.css. */
const rowRem = 2.3;
/** Drawn above and below what is seen. */
const spareRows = 8;

interface FolderTreeViewProps {
  readonly loaded: LoadedTree;
  readonly choice: Choice;
  readonly onTick: (row: Extract<ShownRow, { is: 'folder' }>['row'], word: 'all' | 'none') => void;
}

export function FolderTreeView({ loaded, choice, onTick }: FolderTreeViewProps): ReactNode {
  const { t } = useSurroundings();
  const { tree, want, setOpen } = loaded;
  const rows = useMemo(() => rowsOf(tree), [tree]);
  const [wanted, setAt] = useState(0);
  const at = Math.min(wanted, Math.max(0, rows.length - 1));
  const { box, seen, onScroll, show } = useSeenRows(rows.length);

  const drawn = rows.slice(seen.from, seen.to);
  const missing = JSON.stringify(missingIn(drawn));
  useEffect(() => want(JSON.parse(missing) as WantedPage[]), [missing, want]);

  const tick = (shown: ShownRow | undefined): void => {
    if (shown?.is === 'folder') onTick(shown.row, chosenOf(shown.row, choice) === 'all' ? 'none' : 'all');
  };
  const go = (to: number): void => {
    setAt(to);
    show(to);
  };
  const isTyped = useTypeAhead({ rows, at, go });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTaken = isTyped(event);
    const move = isTaken ? undefined : moveFor(event.key, rows, at, Math.max(1, seen.length - 1));
    if (isTaken || move !== undefined) event.preventDefault();
    if (move === undefined) return;
    if (move.do === 'go') go(move.to);
    else if (move.do === 'tick') tick(rows[at]);
    else setOpen(move.path, move.do === 'open');
  };
  return (
    <div
      ref={box}
      className="tree"
      role="tree"
      aria-label={t('selective.tree')}
      aria-activedescendant={`folder-${at}`}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={() => show(at)}
    >
      <div className="tree-room" role="none" style={{ height: `${rows.length * rowRem}rem` }}>
        {drawn.map((shown, index) => (
          <FolderRow
            key={shown.is === 'folder' ? shown.row.path : `${shown.parent}//${shown.at}`}
            shown={shown}
            number={seen.from + index}
            top={`${(seen.from + index) * rowRem}rem`}
            isAt={seen.from + index === at}
            chosen={shown.is === 'folder' ? chosenOf(shown.row, choice) : 'none'}
            onGo={() => setAt(seen.from + index)}
            onTick={() => tick(shown)}
            onOpen={setOpen}
          />
        ))}
      </div>
    </div>
  );
}

/** Pages with rows that are not loaded, from top to bottom. */
function missingIn(drawn: readonly ShownRow[]): readonly WantedPage[] {
  const pages = new Map<string, WantedPage>();
  for (const shown of drawn) {
    if (shown.is !== 'more') continue;
    const wanted = { parent: shown.parent, page: Math.floor((shown.at - 1) / pageRows) };
    pages.set(JSON.stringify(wanted), wanted);
  }
  return [...pages.values()];
}

interface SeenRows {
  readonly box: React.RefObject<HTMLDivElement | null>;
  /** `length`: that fit in whole. */
  readonly seen: { readonly from: number; readonly to: number; readonly length: number };
  readonly onScroll: () => void;
  /** Brings a row into sight. */
  readonly show: (row: number) => void;
}

/** Which rows of a box that scrolls are seen. */
function useSeenRows(count: number): SeenRows {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, height: 0, rowHeight: rowRem * 14 });
  const look = useCallback((): void => {
    const { current } = box;
    if (current === null) return;
    const rowHeight = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    setPlace((before) => {
      const next = { top: current.scrollTop, height: current.clientHeight, rowHeight };
      return before.top === next.top && before.height === next.height && before.rowHeight === rowHeight ? before : next;
    });
  }, []);
  useLayoutEffect(() => {
    look();
    const { current } = box;
    if (current === null) return undefined;
    const watcher = new ResizeObserver(look);
    watcher.observe(current);
    // Its height is in letters: other letters, other rows.
    if (current.firstElementChild !== null) watcher.observe(current.firstElementChild);
    return () => watcher.disconnect();
  }, [look]);
  const { top, height, rowHeight } = place;
  const from = Math.max(0, Math.floor(top / rowHeight) - spareRows);
  const to = Math.min(count, Math.ceil((top + height) / rowHeight) + spareRows);
  const show = (row: number): void => {
    const { current } = box;
    if (current === null) return;
    if (row * rowHeight < current.scrollTop) current.scrollTop = row * rowHeight;
    else if ((row + 1) * rowHeight > current.scrollTop + current.clientHeight)
      current.scrollTop = (row + 1) * rowHeight - current.clientHeight;
    look();
  };
  return { box, seen: { from: Math.min(from, to), to, length: Math.floor(height / rowHeight) }, onScroll: look, show };
}
