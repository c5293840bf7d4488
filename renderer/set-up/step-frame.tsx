/** One page of the wizard: what it asks, what is filled in, the way back and on. */
import { useEffect, useRef, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';

export interface StepFrameProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
  readonly onBack?: (() => void) | undefined;
  /** Something is under way, which ends with that. */
  readonly isBackCancel?: boolean;
  readonly onNext?: (() => void) | undefined;
  readonly nextLabel?: string;
  readonly isNextDisabled?: boolean;
}

export function StepFrame({ title, lead, children, onBack, isBackCancel = false, onNext, ...next }: StepFrameProps): ReactNode {
  const { t } = useSurroundings();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A new page is read from its top.
    heading.current?.focus();
  }, []);
  return (
    <>
      <main className="step">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead === undefined ? null : <p className="step-lead">{lead}</p>}
        <div className="step-fields">{children}</div>
      </main>
      <footer className="step-foot">
        {onBack === undefined ? null : (
          <Action {...(isBackCancel ? {} : { icon: 'back', kind: 'quiet' })} onPress={onBack}>
            {t(isBackCancel ? 'words.cancel' : 'words.back')}
          </Action>
        )}
        <span className="push-right">
          {onNext === undefined ? null : (
            <Action kind="main" onPress={onNext} isDisabled={next.isNextDisabled ?? false}>
              {next.nextLabel ?? t('words.next')}
            </Action>
          )}
        </span>
      </footer>
    </>
  );
}
