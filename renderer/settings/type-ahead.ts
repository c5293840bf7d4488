/** Letters that are typed in the tree: the beginning of a name that a person wants to be at. */
import type { ShownRow } from './folder-tree.ts';

/** Letters that follow each other within this time are one beginning. */
const restMs = 1000;

export interface Typed {
  readonly text: string;
  readonly atMs: number;
}

export const nothingTyped: Typed = { text: '', atMs: Number.NEGATIVE_INFINITY };

/** Capitals need one of these: they end no beginning, as all other keys do. */
const holders: ReadonlySet<string> = new Set(['Shift', 'CapsLock', 'AltGraph', 'Dead', 'Compose']);

/** What is typed after a key that is no letter. */
export function afterOther(before: Typed, key: string): Typed {
  return holders.has(key) ? before : nothingTyped;
}

/** A key that stands for itself; a space only within a beginning, as it ticks otherwise. undefined: none of these. */
export function typeKey(before: Typed, key: string, atMs: number): Typed | undefined {
  const isSoon = atMs - before.atMs < restMs && before.text !== '';
  if ([...key].length !== 1 || (key === ' ' && !isSoon)) return undefined;
  return { text: isSoon ? before.text + key : key, atMs };
}

export interface Wanted {
  readonly begins: string;
  /** Not where one is, but after that. */
  readonly isNext: boolean;
}

/** What is looked for: one letter again and again means the next one each time. */
export function wantedBy({ text }: Typed): Wanted {
  const [first = ''] = text;
  const isOne = [...text].every((letter) => letter === first);
  return isOne ? { begins: first, isNext: true } : { begins: text, isNext: false };
}

/** The row that is meant, of those that are loaded: from this one on, after the last again from the first. */
export function findRow(rows: readonly ShownRow[], at: number, { begins, isNext }: Wanted): number | undefined {
  const wanted = plainly(begins);
  for (let step = isNext ? 1 : 0; step <= rows.length; step += 1) {
    const to = (at + step) % rows.length;
    const shown = rows[to];
    if (shown?.is === 'folder' && plainly(shown.row.name).startsWith(wanted)) return to;
  }
  return undefined;
}

/** The folder that a row stands in. */
export function parentOf(shown: ShownRow): string {
  return shown.is === 'more' ? shown.parent : shown.row.path.slice(0, Math.max(0, shown.row.path.lastIndexOf('/')));
}

/** Whether not all of that folder is loaded: then only the agent knows all names in it. */
export function isPartly(rows: readonly ShownRow[], parent: string): boolean {
  return rows.some((shown) => shown.is === 'more' && shown.parent === parent);
}

/** The row of the folder that stands at this place, from 0, in its folder. */
export function rowAt(rows: readonly ShownRow[], parent: string, place: number): number | undefined {
  const found = rows.findIndex((shown) => shown.at === place + 1 && parentOf(shown) === parent);
  return found === -1 ? undefined : found;
}

/** Without case and accents, as the agent looks for it. */
function plainly(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
