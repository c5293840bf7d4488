/** The tree of folders, loaded page by page as it is looked at. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { ask, listen } from '../parts/bridge.ts';
import { emptyTree, withLevel, withOpen, withPage, type FolderTree } from './folder-tree.ts';

/** Rows of one question. */
const pageRows = 500;
const reloadRows = 1000;

export interface LoadedTree {
  readonly tree: FolderTree;
  readonly failure: ToldFailure | undefined;
  /** Loads what comes next in this folder, unless that is under way. */
  readonly load: (parent: string) => void;
  readonly setOpen: (path: string, isOpen: boolean) => void;
}

export function useFolderTree(): LoadedTree {
  const [tree, setTree] = useState<FolderTree>(emptyTree);
  const [failure, setFailure] = useState<ToldFailure>();
  // What is loaded, before it is drawn: the next page begins after it.
  const latest = useRef(tree);
  const underWay = useRef(new Set<string>());
  const update = useCallback((change: (before: FolderTree) => FolderTree) => {
    latest.current = change(latest.current);
    setTree(latest.current);
  }, []);

  const load = useCallback(
    (parent: string) => {
      if (underWay.current.has(parent)) return;
      underWay.current.add(parent);
      void (async () => {
        const after = latest.current.levels.get(parent)?.rows.at(-1)?.name;
        const outcome = await ask('list-folders', { path: parent, limit: pageRows, ...(after === undefined ? {} : { after }) });
        underWay.current.delete(parent);
        if (!outcome.ok) setFailure(outcome.failure);
        // One that is gone is empty; another question about it would fail again.
        update((before) => withPage(before, parent, outcome.ok ? outcome.answer : { rows: [], hasMore: false }));
      })();
    },
    [update],
  );

  useEffect(
    () =>
      listen(({ event }) => {
        if (event !== 'folders' && event !== 'agent') return;
        setFailure(undefined);
        for (const [parent, { rows }] of latest.current.levels) {
          void (async () => {
            const limit = Math.min(reloadRows, Math.max(pageRows, rows.length));
            const outcome = await ask('list-folders', { path: parent, limit });
            if (outcome.ok) update((before) => withLevel(before, parent, outcome.answer));
          })();
        }
      }),
    [update],
  );

  const setOpen = useCallback((path: string, isOpen: boolean) => update((before) => withOpen(before, path, isOpen)), [update]);
  return { tree, failure, load, setOpen };
}
