/** Something a person asked for, from the press of a button to its outcome. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';

export interface Doing {
  readonly isBusy: boolean;
  /** Why the last one did not work. */
  readonly failure: ToldFailure | undefined;
  /** Starts it, unless one is under way. */
  readonly run: <Answer>(start: () => Promise<Outcome<Answer>>, done?: (answer: Answer) => void) => void;
  readonly forget: () => void;
}

export function useDoing(): Doing {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ToldFailure>();
  const isUnderWay = useRef(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);

  const run: Doing['run'] = useCallback((start, done) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    setFailure(undefined);
    void (async () => {
      const outcome = await start();
      isUnderWay.current = false;
      if (isGone.current) return;
      setBusy(false);
      if (outcome.ok) done?.(outcome.answer);
      else setFailure(outcome.failure);
    })();
  }, []);
  const forget = useCallback(() => setFailure(undefined), []);
  return { isBusy, failure, run, forget };
}
