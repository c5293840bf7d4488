/** What is on its way: how far, how fast, how long. */
import type { ReactNode } from 'react';
import { HowFar } from '../parts/how-far.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { Linked } from './linked.ts';

export function Transfer({ progress }: { readonly progress: NonNullable<Linked['progress']> }): ReactNode {
  const { t } = useSurroundings();
  const total = progress.bytesDone + progress.bytesLeft;
  return (
    <section className="card transfer" aria-label={t('status.transfer')}>
      <HowFar label={t('status.transfer')} fraction={total === 0 ? undefined : progress.bytesDone / total} />
      {total === 0 ? null : <Amounts progress={progress} total={total} />}
    </section>
  );
}

/** Where bytes are on their way: what is only moved or deleted has none. */
function Amounts({ progress, total }: { readonly progress: NonNullable<Linked['progress']>; readonly total: number }): ReactNode {
  const { t, formats } = useSurroundings();
  return (
    <>
      <p className="spread numbers">
        <span>{t('status.bytes-of', { done: formats.bytes(progress.bytesDone), total: formats.bytes(total) })}</span>
        <span className="soft">{formats.speed(progress.bytesPerSecond)}</span>
      </p>
      <p className="fine-print numbers">{progress.secondsLeft === null ? t('time.cannot-tell') : formats.timeLeft(progress.secondsLeft)}</p>
    </>
  );
}
