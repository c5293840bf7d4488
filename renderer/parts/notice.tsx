/** Something a person should know, in a frame of its own. */
import type { ReactNode } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { failureWords } from './failure-words.ts';
import { Icon, type IconName } from './icon.tsx';
import { showHidden } from './shown-text.ts';
import { useSurroundings } from './surroundings.tsx';

type NoticeKind = 'info' | 'good' | 'warning' | 'danger';

const icons: Readonly<Record<NoticeKind, IconName>> = { info: 'info', good: 'check', warning: 'alert', danger: 'alert' };

/** `isUrgent`: read out at once; otherwise when the reader gets there, or politely where `isLive`. */
export function Notice({
  kind,
  title,
  children,
  isUrgent = false,
}: {
  readonly kind: NoticeKind;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly isUrgent?: boolean;
}): ReactNode {
  return (
    <div className={`notice notice-${kind}`} {...(isUrgent ? { role: 'alert' } : {})}>
      <Icon name={icons[kind]} />
      <div className="notice-text">
        {title === undefined ? null : <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** Why something did not work, and what to do; the agent's own words below, for who wants them. */
export function FailureNotice({
  failure,
  kind = 'danger',
  children,
}: {
  readonly failure: ToldFailure | undefined;
  readonly kind?: NoticeKind;
  readonly children?: ReactNode;
}): ReactNode {
  const { texts, t } = useSurroundings();
  if (failure === undefined) return null;
  const { what, remedy, detail } = failureWords(texts, failure);
  return (
    <Notice kind={kind} title={showHidden(what)} isUrgent={kind === 'danger'}>
      {remedy === '' ? null : <p>{showHidden(remedy)}</p>}
      {detail === '' ? null : (
        <details>
          <summary>{t('words.details')}</summary>
          <p className="fine-print">
            <bdi>{showHidden(detail)}</bdi> <span className="code">{failure.code}</span>
          </p>
        </details>
      )}
      {children}
    </Notice>
  );
}
