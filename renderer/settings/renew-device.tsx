/** A profile that was copied, or put back from a backup, becomes a computer of its own. */
import { useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { FailureNotice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';

export function RenewDevice({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { t } = useSurroundings();
  const [isAsking, setAsking] = useState(false);
  const [name, setName] = useState<string>();
  const { run, isBusy, failure } = useDoing();
  const renew = (): void =>
    run(
      () => ask('renew-device', {}),
      (answer) => {
        setName(answer.name);
        setAsking(false);
        onDone();
      },
    );
  return (
    <section className="stack-tight">
      <h2>{t('devices.copied')}</h2>
      <p className="soft">{t('devices.copied-help')}</p>
      <div className="row">
        <Action onPress={() => setAsking(true)}>{t('devices.renew')}</Action>
        <span role="status" className="soft">
          {name === undefined ? '' : t('devices.is-renewed', { device: name })}
        </span>
      </div>
      <Question
        title={t('devices.renew-question')}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Action onPress={() => setAsking(false)}>{t('words.cancel')}</Action>
            <Action kind="main" onPress={renew} isBusy={isBusy}>
              {t('devices.renew-now')}
            </Action>
          </>
        }
      >
        <p>{t('devices.renew-detail')}</p>
        <FailureNotice failure={failure} />
      </Question>
    </section>
  );
}
