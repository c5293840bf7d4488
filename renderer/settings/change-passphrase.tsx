/** The passphrase that opens the vault on new computers: another one, a first one, or none any more. */
import { useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { CancelFirst } from '../parts/cancel-first.tsx';
import { SecretEntry } from '../parts/entry.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { Strength, useStrength } from '../parts/strength.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { TextKey } from '../parts/texts.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { useDoing } from '../parts/use-doing.ts';

export function ChangePassphrase(): ReactNode {
  const { t } = useSurroundings();
  const [passphrase, setPassphrase] = useState('');
  const [done, setDone] = useState<TextKey>();
  const [isAsking, setAsking] = useState(false);
  const ways = useAnswer('read-ways-in', {}, ['devices', 'state']).answer;
  const weighed = useStrength(passphrase);
  const { run, isBusy, failure } = useDoing();
  const hasNone = ways?.passphrase === false;
  const change = (): void =>
    run(
      () => ask('change-passphrase', { passphrase }),
      () => {
        setPassphrase('');
        setDone('security.changed');
      },
    );
  return (
    <section className="stack">
      <h2>{t('security.passphrase')}</h2>
      {hasNone ? <p className="soft">{t('security.no-passphrase')}</p> : null}
      <SecretEntry
        label={t('security.new-passphrase')}
        {...(hasNone ? {} : { help: t('security.passphrase-help') })}
        value={passphrase}
        onChange={(typed) => {
          setDone(undefined);
          setPassphrase(typed);
        }}
      />
      {passphrase === '' ? null : <Strength weighed={weighed} />}
      <div className="row">
        <Action onPress={change} isBusy={isBusy} isDisabled={weighed?.isEnough !== true}>
          {t(hasNone ? 'security.set' : 'security.change')}
        </Action>
        {ways?.passphrase === true ? (
          <Action kind="quiet" onPress={() => setAsking(true)}>
            {t('security.remove-passphrase')}
          </Action>
        ) : null}
        <span role="status" className="soft">
          {done === undefined ? '' : t(done)}
        </span>
      </div>
      <FailureNotice failure={failure} />
      {isAsking ? <RemovePassphrase onClose={() => setAsking(false)} onDone={() => setDone('security.passphrase-removed')} /> : null}
    </section>
  );
}

function RemovePassphrase({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  const remove = (): void =>
    run(
      () => ask('change-passphrase', { passphrase: null }),
      () => {
        onDone();
        onClose();
      },
    );
  return (
    <Question
      title={t('security.remove-passphrase-question')}
      isOpen
      isDanger
      onClose={onClose}
      actions={
        <>
          <CancelFirst onPress={onClose} />
          <Action kind="danger" onPress={remove} isBusy={isBusy}>
            {t('security.remove-now')}
          </Action>
        </>
      }
    >
      <p>{t('security.remove-passphrase-detail')}</p>
      <p className="soft">{t('security.remove-passphrase-local')}</p>
      <FailureNotice failure={failure} />
    </Question>
  );
}
