/** Lets a computer in by the code that it shows. */
import { useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Entry } from '../parts/entry.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';

export function LetIn({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useSurroundings();
  const [code, setCode] = useState('');
  const [name, setName] = useState<string>();
  const { run, isBusy, failure } = useDoing();
  const letIn = (): void => {
    if (code.trim() !== '')
      run(
        () => ask('approve-device', { code: code.trim() }),
        (answer) => setName(answer.name),
      );
  };
  return (
    <Question
      title={t('devices.let-in')}
      isOpen
      onClose={onClose}
      actions={
        name === undefined ? (
          <>
            <Action onPress={onClose}>{t('words.cancel')}</Action>
            <Action kind="main" onPress={letIn} isBusy={isBusy} isDisabled={code.trim() === ''}>
              {t('devices.let-in-now')}
            </Action>
          </>
        ) : (
          <Action kind="main" onPress={onClose}>
            {t('words.close')}
          </Action>
        )
      }
    >
      {name === undefined ? (
        <>
          <p>{t('devices.let-in-lead')}</p>
          <Entry
            label={t('devices.code')}
            value={code}
            onChange={setCode}
            onSubmit={letIn}
            placeholder="K7QM-2XNP-9D4T"
            maxLength={64}
            isCode
            hasFocus
          />
        </>
      ) : (
        <Notice kind="good" title={t('devices.is-in', { device: name })} />
      )}
      <FailureNotice failure={failure} />
    </Question>
  );
}
