/** What could not be had, and the way to ask for it again. */
import type { ReactNode } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { Action } from './action.tsx';
import { FailureNotice } from './notice.tsx';
import { useSurroundings } from './surroundings.tsx';

interface FailedReadProps {
  readonly failure: ToldFailure | undefined;
  readonly again: () => void;
  /** Where it is one part of what is shown. */
  readonly kind?: 'warning' | 'danger';
}

export function FailedRead({ failure, again, kind = 'danger' }: FailedReadProps): ReactNode {
  const { t } = useSurroundings();
  return (
    <div className="failed-read">
      <FailureNotice failure={failure} kind={kind}>
        <div>
          <Action icon="retry" onPress={again}>
            {t('words.try-again')}
          </Action>
        </div>
      </FailureNotice>
    </div>
  );
}
