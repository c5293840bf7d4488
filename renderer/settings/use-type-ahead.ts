/** Goes to what is typed in the tree, also where it is not loaded yet. */
import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import { ask } from '../parts/bridge.ts';
import type { ShownRow } from './folder-tree.ts';
import { afterOther, findRow, isPartly, nothingTyped, parentOf, rowAt, typeKey, wantedBy, type Typed, type Wanted } from './type-ahead.ts';

interface Tree {
  readonly rows: readonly ShownRow[];
  readonly at: number;
  readonly go: (to: number) => void;
}

/** Whether the key was taken. */
export function useTypeAhead(tree: Tree): (event: KeyboardEvent) => boolean {
  const typed = useRef<Typed>(nothingTyped);
  const isSeeking = useRef(false);
  /** An answer is held against the rows that are there when it comes. */
  const latest = useRef(tree);
  useLayoutEffect(() => {
    latest.current = tree;
  });

  /** One question at a time: in a folder of very many, each costs the agent a look at all names. */
  const seek = async (): Promise<void> => {
    if (isSeeking.current) return;
    isSeeking.current = true;
    for (let sought = nothingTyped; sought !== typed.current && typed.current.text !== '';) {
      sought = typed.current;
      const to = await askFor(latest.current, wantedBy(sought), () => latest.current.rows);
      if (sought === typed.current && to !== undefined) latest.current.go(to);
    }
    isSeeking.current = false;
  };

  return (event) => {
    const now = typeKey(typed.current, event.key, event.timeStamp);
    typed.current = now ?? afterOther(typed.current, event.key);
    if (now === undefined) return false;
    const { rows, at, go } = tree;
    const here = rows[at];
    if (here !== undefined && isPartly(rows, parentOf(here))) void seek();
    else {
      const to = findRow(rows, at, wantedBy(now));
      if (to !== undefined) go(to);
    }
    return true;
  };
}

/** In the folder that one is in first, of which only the agent knows all names. */
async function askFor({ rows, at }: Tree, wanted: Wanted, rowsNow: () => readonly ShownRow[]): Promise<number | undefined> {
  const here = rows[at];
  if (here === undefined) return undefined;
  const path = parentOf(here);
  const outcome = await ask('find-folder', { path, begins: wanted.begins, from: here.at - (wanted.isNext ? 0 : 1) });
  const place = outcome.ok ? outcome.answer.at : null;
  const found = place === null ? undefined : rowAt(rowsNow(), path, place);
  return found ?? findRow(rowsNow(), at, wanted);
}
