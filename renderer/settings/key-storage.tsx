/** What opens this computer's own keys: where they rest, said honestly, and another place for them. */
import { useState, type ReactNode } from 'react';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Choice } from '../parts/choice.tsx';
import { SecretEntry } from '../parts/entry.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { Strength, useStrength } from '../parts/strength.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { useDoing } from '../parts/use-doing.ts';

type Place = Answered<'read-key-storage'>['kind'];

const icons = { keychain: 'key', passphrase: 'lock', file: 'file' } as const;

export function KeyStorage(): ReactNode {
  const { t } = useSurroundings();
  const storage = useAnswer('read-key-storage', {}, ['settings', 'state']).answer;
  const [isAsking, setAsking] = useState(false);
  if (storage === undefined) return null;
  return (
    <section className="stack-tight">
      <h2>{t('security.key-storage')}</h2>
      <p className="soft" role="status">
        {t(`security.key-storage-${storage.kind}`)}
      </p>
      <div>
        <Action onPress={() => setAsking(true)}>{t('security.key-storage-change')}</Action>
      </div>
      {isAsking ? <ChangePlace now={storage.kind} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function ChangePlace({ now, onClose }: { readonly now: Place; readonly onClose: () => void }): ReactNode {
  const { t } = useSurroundings();
  // Tried by the agent, which is to use it.
  const hasKeychain = useAnswer('look-at-keychain', {}, []).answer?.works !== false;
  const [chosen, setChosen] = useState<Place>();
  const [passphrase, setPassphrase] = useState('');
  const weighed = useStrength(passphrase);
  const { run, isBusy, failure } = useDoing();
  const places = (['keychain', 'passphrase', 'file'] as const).filter((place) => place !== 'keychain' || hasKeychain || now === place);
  const place = chosen ?? places.find((each) => each !== now) ?? now;
  const isTyped = place === 'passphrase';
  const isReady = isTyped ? weighed?.isEnough === true : place !== now;
  const change = (): void => run(() => ask('change-key-storage', { kind: place, ...(isTyped ? { passphrase } : {}) }), onClose);
  return (
    <Question
      title={t('security.key-storage-question')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Action onPress={onClose}>{t('words.cancel')}</Action>
          <Action kind="main" onPress={change} isBusy={isBusy} isDisabled={!isReady}>
            {t('security.rest-now')}
          </Action>
        </>
      }
    >
      <p>{t('security.key-storage-detail')}</p>
      {hasKeychain ? null : <p className="soft">{t('set-up.keychain-none')}</p>}
      <Choice
        label={t('security.key-storage')}
        isLabelHidden
        look="cards"
        value={place}
        onChange={setChosen}
        options={places.map((value) => ({
          value,
          label: t(`security.rest-${value}`),
          help: t(`security.rest-${value}-help`),
          icon: icons[value],
        }))}
      />
      {isTyped ? (
        <>
          <SecretEntry label={t('security.rest-passphrase-field')} value={passphrase} onChange={setPassphrase} />
          {passphrase === '' ? null : <Strength weighed={weighed} />}
        </>
      ) : null}
      <FailureNotice failure={failure} />
    </Question>
  );
}
