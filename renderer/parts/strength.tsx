/** How hard a passphrase would be to guess, while it is typed. */
import { useEffect, useState, type ReactNode } from 'react';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { ask } from './bridge.ts';
import { useSurroundings } from './surroundings.tsx';
import { useDebounced } from './use-debounced.ts';

export type Weighed = Answered<'weigh-passphrase'>;

const restMs = 200;

/** undefined while nothing is typed or no answer is there for what is typed. */
export function useStrength(passphrase: string): Weighed | undefined {
  const rested = useDebounced(passphrase, restMs);
  const [told, setTold] = useState<{ readonly of: string; readonly weighed: Weighed }>();
  useEffect(() => {
    if (rested === '') return undefined;
    let isOver = false;
    void (async () => {
      const outcome = await ask('weigh-passphrase', { passphrase: rested });
      if (!isOver && outcome.ok) setTold({ of: rested, weighed: outcome.answer });
    })();
    return () => {
      isOver = true;
    };
  }, [rested]);
  return told?.of === passphrase && passphrase !== '' ? told.weighed : undefined;
}

export function Strength({ weighed }: { readonly weighed: Weighed | undefined }): ReactNode {
  const { t } = useSurroundings();
  const score = weighed?.score ?? 0;
  return (
    <div className={`strength ${weighed === undefined ? '' : `strength-${score}`}`} role="status">
      <svg className="strength-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        {[0, 1, 2, 3].map((at) => (
          <rect key={at} className={at < score ? 'strength-on' : 'strength-off'} x={at * 25.5} width="23.5" height="4" rx="0.5" />
        ))}
      </svg>
      <span className="fine-print">
        {weighed === undefined ? t('set-up.strength-help') : t(weighed.isEnough ? 'set-up.strength-good' : 'set-up.strength-poor')}
      </span>
    </div>
  );
}
