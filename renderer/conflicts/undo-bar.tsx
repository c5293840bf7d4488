/** What was decided last, and the way to take it back; read out when it comes. */
import type { ReactNode } from 'react';
import { Action, IconAction } from '../parts/action.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { Decisions } from './use-decisions.ts';

export function UndoBar({ decisions, onUndone }: { readonly decisions: Decisions; readonly onUndone: () => void }): ReactNode {
  const { t } = useSurroundings();
  const { last, failure, isBusy, undo, forget } = decisions;
  return (
    <div className="undo-place">
      <FailureNotice failure={failure} />
      <div role="status">
        {last === undefined ? null : (
          <div className="undo-bar">
            <span className="undo-words">{t(`conflicts.${last.is}`, { files: last.files })}</span>
            {last.undo.length === 0 ? null : (
              <Action icon="undo" isBusy={isBusy} onPress={() => undo(onUndone)}>
                {t('conflicts.undo')}
              </Action>
            )}
            <IconAction icon="close" label={t('words.close')} onPress={forget} />
          </div>
        )}
      </div>
    </div>
  );
}
