/** What opens the vault, and whether two computers see the same. */
import { useState, type ReactNode } from 'react';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask, askShell } from '../parts/bridge.ts';
import { Entry } from '../parts/entry.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { RecoveryKey } from '../parts/recovery-key.tsx';
import { useNow, useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { ChangePassphrase } from './change-passphrase.tsx';
import { KeyStorage } from './key-storage.tsx';
import { VerifySection } from './verify-section.tsx';

export function SecurityPage(): ReactNode {
  return (
    <div className="stack-wide">
      <ChangePassphrase />
      <NewRecoveryKey />
      <PrintSheet />
      <CompareCodes />
      <VerifySection />
      <KeyStorage />
    </div>
  );
}

function NewRecoveryKey(): ReactNode {
  const { t } = useSurroundings();
  const [isAsking, setAsking] = useState(false);
  const [made, setMade] = useState<string>();
  const { run, isBusy, failure } = useDoing();
  const close = (): void => {
    setAsking(false);
    setMade(undefined);
  };
  return (
    <section className="stack-tight">
      <h2>{t('words.recovery-key')}</h2>
      <p className="soft">{t('security.recovery-help')}</p>
      <div>
        <Action onPress={() => setAsking(true)}>{t('security.new-recovery-key')}</Action>
      </div>
      <Question
        title={t(made === undefined ? 'security.new-recovery-question' : 'security.new-recovery-key')}
        isOpen={isAsking}
        onClose={close}
        isDanger={made !== undefined}
        actions={
          made === undefined ? (
            <>
              <Action onPress={close}>{t('words.cancel')}</Action>
              <Action
                kind="main"
                isBusy={isBusy}
                onPress={() =>
                  run(
                    () => ask('new-recovery-key', {}),
                    ({ recoveryKey }) => setMade(recoveryKey),
                  )
                }
              >
                {t('security.make-key')}
              </Action>
            </>
          ) : (
            <Action kind="main" onPress={close}>
              {t('security.kept')}
            </Action>
          )
        }
      >
        {made === undefined ? <p>{t('security.new-recovery-detail')}</p> : <RecoveryKey recoveryKey={made} />}
        <FailureNotice failure={failure} />
      </Question>
    </section>
  );
}

function PrintSheet(): ReactNode {
  const { t } = useSurroundings();
  const [recoveryKey, setKey] = useState('');
  const { run, isBusy, failure } = useDoing();
  const print = (): void =>
    run(async () => {
      const made = await ask('recovery-sheet', { recoveryKey: recoveryKey.trim() });
      return made.ok ? askShell('print-sheet', { sheet: made.answer.sheet }) : made;
    });
  return (
    <section className="stack">
      <h2>{t('security.sheet')}</h2>
      <Entry label={t('words.recovery-key')} help={t('security.sheet-help')} value={recoveryKey} onChange={setKey} isCode />
      <div>
        <Action icon="printer" onPress={print} isBusy={isBusy} isDisabled={recoveryKey.trim() === ''}>
          {t('security.print-sheet')}
        </Action>
      </div>
      <FailureNotice failure={failure} />
    </section>
  );
}

function CompareCodes(): ReactNode {
  const { t, formats } = useSurroundings();
  const nowMs = useNow();
  const [told, setTold] = useState<Answered<'compare-code'>>();
  const { run, isBusy, failure } = useDoing();
  return (
    <section className="stack">
      <h2>{t('security.compare')}</h2>
      <p className="soft">{t('security.compare-help')}</p>
      <div>
        <Action onPress={() => run(() => ask('compare-code', {}), setTold)} isBusy={isBusy}>
          {t('security.show-code')}
        </Action>
      </div>
      {told === undefined ? null : (
        <>
          <p className="big-code">{told.code}</p>
          {told.newest === null ? null : (
            <p className="soft">{t('security.newest', { device: told.newest.device, ago: formats.ago(told.newest.at, nowMs) })}</p>
          )}
        </>
      )}
      <FailureNotice failure={failure} />
      <Notice kind="info">
        <p>{t('security.compare-differs')}</p>
      </Notice>
    </section>
  );
}
