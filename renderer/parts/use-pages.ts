import { useCallback, useEffect, useRef, useState } from 'react';
import { listen } from './bridge.ts';
import { nothingLoaded, PageLoader, type AskPage, type LoadedPages } from './page-loader.ts';

export interface Pages<Row> extends LoadedPages<Row> {
  readonly more: () => void;
  readonly again: () => void;
}

/** `key`: what the list depends on. `events`: after which it may be another one. `step`: rows that are loaded at once. */
export function usePages<Row>({
  key,
  ask,
  events,
  step,
}: {
  readonly key: string;
  readonly ask: AskPage<Row>;
  readonly events: readonly string[];
  readonly step: number;
}): Pages<Row> {
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly pages: LoadedPages<Row> }>({ key, pages: nothingLoaded });
  const latest = useRef({ ask, events });
  useEffect(() => {
    latest.current = { ask, events };
  });
  const loader = useRef<PageLoader<Row>>(undefined);

  useEffect(() => {
    const own = new PageLoader<Row>(
      (before) => latest.current.ask(before),
      (pages) => setLoaded({ key, pages }),
      step,
    );
    loader.current = own;
    const stop = listen(({ event }) => {
      if (event === 'agent' || latest.current.events.includes(event)) own.again();
    });
    own.again();
    return () => {
      own.stop();
      stop();
    };
  }, [key, step]);

  const more = useCallback(() => loader.current?.more(), []);
  const again = useCallback(() => loader.current?.again(), []);
  // A list of something else is none.
  return { ...(loaded.key === key ? loaded.pages : nothingLoaded), more, again };
}
