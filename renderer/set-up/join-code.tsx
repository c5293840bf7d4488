/** The code that is typed on another computer of the vault, for as long as it holds. */
import { useEffect, useState, type ReactNode } from 'react';
import { Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';

/** A code holds for ten minutes. */
const holdsMs = 10 * 60_000;

export function JoinCode({ code }: { readonly code: string | undefined }): ReactNode {
  const { t } = useSurroundings();
  if (code === undefined) return <p className="soft">{t('set-up.asking-for-code')}</p>;
  return (
    <>
      <p>{t('set-up.code-lead')}</p>
      <p className="big-code" aria-live="polite">
        {code}
      </p>
      <Countdown key={code} />
      <Notice kind="info">
        <p>{t('set-up.code-safe')}</p>
      </Notice>
    </>
  );
}

function Countdown(): ReactNode {
  const { t } = useSurroundings();
  const [endMs] = useState(() => Date.now() + holdsMs);
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((endMs - nowMs) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return <p className="soft numbers">{seconds === 0 ? t('set-up.code-over') : t('set-up.code-holds', { clock })}</p>;
}
