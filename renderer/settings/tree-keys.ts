/** What a key does in the tree: as in every tree. What is typed is looked for elsewhere (type-ahead.ts). */
import type { ShownRow } from './folder-tree.ts';

export type TreeMove =
  | { readonly do: 'go'; readonly to: number }
  | { readonly do: 'open' | 'close'; readonly path: string }
  | { readonly do: 'tick' };

/** undefined: nothing. `pageLength`: rows that fit into what is seen. */
export function moveFor(key: string, rows: readonly ShownRow[], at: number, pageLength: number): TreeMove | undefined {
  const last = rows.length - 1;
  const go = (to: number): TreeMove => ({ do: 'go', to: Math.max(0, Math.min(last, to)) });
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'PageDown':
      return go(at + pageLength);
    case 'PageUp':
      return go(at - pageLength);
    case 'Home':
      return go(0);
    case 'End':
      return go(last);
    case 'ArrowRight':
      return intoFolder(rows, at);
    case 'ArrowLeft':
      return outOfFolder(rows, at);
    case ' ':
    case 'Enter':
      return { do: 'tick' };
    default:
      return undefined;
  }
}

function intoFolder(rows: readonly ShownRow[], at: number): TreeMove | undefined {
  const shown = rows[at];
  if (shown?.is !== 'folder' || !shown.row.hasFolders) return undefined;
  return shown.isOpen ? { do: 'go', to: Math.min(at + 1, rows.length - 1) } : { do: 'open', path: shown.row.path };
}

function outOfFolder(rows: readonly ShownRow[], at: number): TreeMove | undefined {
  const shown = rows[at];
  if (shown === undefined) return undefined;
  if (shown.is === 'folder' && shown.isOpen) return { do: 'close', path: shown.row.path };
  for (let above = at - 1; above >= 0; above -= 1) if ((rows[above]?.level ?? 0) < shown.level) return { do: 'go', to: above };
  return undefined;
}
