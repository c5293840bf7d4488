import { useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Entry } from '../parts/entry.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';

/** Calls this computer something else. */
export function RenameDevice({ name, onClose }: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const { t } = useSurroundings();
  const [typed, setTyped] = useState(name);
  const { run, isBusy, failure } = useDoing();
  const isReady = typed.trim() !== '' && typed.trim() !== name;
  const rename = (): void => {
    if (isReady) run(() => ask('rename-device', { name: typed.trim() }), onClose);
  };
  return (
    <Question
      title={t('devices.rename')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Action onPress={onClose}>{t('words.cancel')}</Action>
          <Action kind="main" onPress={rename} isBusy={isBusy} isDisabled={!isReady}>
            {t('words.save')}
          </Action>
        </>
      }
    >
      <Entry label={t('devices.name')} value={typed} onChange={setTyped} onSubmit={rename} maxLength={255} hasFocus />
      <FailureNotice failure={failure} />
    </Question>
  );
}
