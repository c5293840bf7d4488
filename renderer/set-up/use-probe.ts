/** Whether the store can be reached, asked while its fields are filled in. */
import { useEffect, useState } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { ask } from '../parts/bridge.ts';
import { useDebounced } from '../parts/use-debounced.ts';
import type { StorePlace } from './store-place.ts';

export type Probe =
  | { readonly is: 'not-asked' }
  | { readonly is: 'asking' }
  | { readonly is: 'answered'; readonly answer: Answered<'probe-store'> }
  | { readonly is: 'failed'; readonly failure: ToldFailure };

const restMs = 600;

export function useProbe(place: StorePlace | undefined): { readonly probe: Probe; readonly again: () => void } {
  const key = place === undefined ? '' : JSON.stringify(place);
  const restedKey = useDebounced(key, restMs);
  const [round, setRound] = useState(0);
  const [told, setTold] = useState<{ readonly question: string; readonly probe: Probe }>({ question: '', probe: { is: 'not-asked' } });

  const question = restedKey === '' ? '' : `${round} ${restedKey}`;
  useEffect(() => {
    if (question === '') return undefined;
    let isOver = false;
    void (async () => {
      const store = JSON.parse(question.slice(question.indexOf(' '))) as StorePlace;
      const outcome = await ask('probe-store', { store });
      // What a person has typed since makes it the answer to another question.
      if (isOver) return;
      setTold({ question, probe: outcome.ok ? { is: 'answered', answer: outcome.answer } : { is: 'failed', failure: outcome.failure } });
    })();
    return () => {
      isOver = true;
    };
  }, [question]);

  const again = (): void => setRound((before) => before + 1);
  if (key === '') return { probe: { is: 'not-asked' }, again };
  return { probe: restedKey === key && told.question === question ? told.probe : { is: 'asking' }, again };
}
