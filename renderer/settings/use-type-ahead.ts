/** Goes to what is typed in the tree, also where it is not loaded yet. */
import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import { ask } from '../parts/bridge.ts';
import type { ShownRow } from './folder-tree.ts';
import { afterOther, findRow, isPartly, nothingTyped, parentOf, rowAt, typeKey, wantedBy, type Typed } from './type-ahead.ts';

/** Whether the key was taken. */
export function useTypeAhead(rows: readonly ShownRow[], at: number, go: (to: number) => void): (event: KeyboardEvent) => boolean {
  const typed = useRef<Typed>(nothingTyped);
  /** An answer that comes later is held against the rows that are there then. */
  const latest = useRef({ rows, go });
  useLayoutEffect(() => {
    latest.current = { rows, go };
  });
  return (event) => {
    const now = typeKey(typed.current, event.key, event.timeStamp);
    typed.current = now ?? afterOther(typed.current, event.key);
    if (now === undefined) return false;
    const wanted = wantedBy(now);
    const here = rows[at];
    const parent = here === undefined ? '' : parentOf(here);
    const goOn = (): void => {
      const to = findRow(latest.current.rows, at, wanted);
      if (to !== undefined) latest.current.go(to);
    };
    if (here === undefined || !isPartly(rows, parent)) {
      goOn();
      return true;
    }
    void (async () => {
      const outcome = await ask('find-folder', { path: parent, begins: wanted.begins, from: here.at - (wanted.isNext ? 0 : 1) });
      // Another letter came meanwhile.
      if (typed.current !== now) return;
      const place = outcome.ok ? outcome.answer.at : null;
      const to = place === null ? undefined : rowAt(latest.current.rows, parent, place);
      if (to === undefined) goOn();
      else latest.current.go(to);
    })();
    return true;
  };
}
