/** The tree of folders, as far as it is loaded. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { ask, listen } from '../parts/bridge.ts';
import { emptyTree, type FolderTree } from './folder-tree.ts';
import { FolderTreeLoader, type WantedPage } from './folder-tree-loader.ts';

export interface LoadedTree {
  readonly tree: FolderTree;
  readonly failure: ToldFailure | undefined;
  /** Says what is seen: what is missing of it is loaded. */
  readonly want: (pages: readonly WantedPage[]) => void;
  readonly setOpen: (path: string, isOpen: boolean) => void;
}

export function useFolderTree(): LoadedTree {
  const [loaded, setLoaded] = useState<{ readonly tree: FolderTree; readonly failure: ToldFailure | undefined }>({
    tree: emptyTree,
    failure: undefined,
  });
  const latest = useRef<FolderTreeLoader>(undefined);
  const loader = useCallback(() => {
    latest.current ??= new FolderTreeLoader(
      (asked) => ask('list-folders', asked),
      (tree, failure) => setLoaded({ tree, failure }),
    );
    return latest.current;
  }, []);

  useEffect(() => {
    const own = loader();
    const stop = listen(({ event }) => {
      if (event === 'folders' || event === 'agent') void own.again();
    });
    return () => {
      stop();
      own.stop();
      latest.current = undefined;
    };
  }, [loader]);

  const want = useCallback((pages: readonly WantedPage[]) => void loader().want(pages), [loader]);
  const setOpen = useCallback((path: string, isOpen: boolean) => loader().setOpen(path, isOpen), [loader]);
  return { ...loaded, want, setOpen };
}
