/** What opens the new vault beside its recovery key. */
import type { ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Choice } from '../parts/choice.tsx';
import { SecretEntry } from '../parts/entry.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { KeyStorageNote } from './key-storage-note.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import { Strength, useStrength } from '../parts/strength.tsx';

export function NewKeyStep({ draft, change, onBack, onNext }: StepProps): ReactNode {
  const { t } = useSurroundings();
  const weighed = useStrength(draft.passphrase);
  const isReady = draft.lock === 'none' || weighed?.isEnough === true;
  const goOn = (): void => {
    if (isReady) onNext();
  };
  return (
    <StepFrame
      title={t('set-up.new-key')}
      lead={t('set-up.new-key-lead')}
      onBack={onBack}
      onNext={goOn}
      isNextDisabled={!isReady}
      nextLabel={t('set-up.make-vault')}
    >
      <Choice
        look="cards"
        label={t('set-up.new-key')}
        isLabelHidden
        value={draft.lock}
        onChange={(lock) => change({ lock, ...(lock === 'none' ? { asksAtStart: false } : {}) })}
        options={[
          { value: 'passphrase', icon: 'key', label: t('set-up.lock-passphrase'), help: t('set-up.lock-passphrase-help') },
          { value: 'none', icon: 'shield', label: t('set-up.lock-none'), help: t('set-up.lock-none-help') },
        ]}
      />
      {draft.lock === 'passphrase' ? (
        <>
          <SecretEntry
            label={t('words.passphrase')}
            value={draft.passphrase}
            onChange={(passphrase) => change({ passphrase })}
            onSubmit={goOn}
          />
          <Strength weighed={weighed} />
          <Suggestion onTake={(passphrase) => change({ passphrase })} taken={draft.passphrase} />
        </>
      ) : null}
      <KeyStorageNote draft={draft} change={change} hasPassphrase={draft.lock === 'passphrase'} />
    </StepFrame>
  );
}

/** One made by chance; shown, as it is to be written down. */
function Suggestion({ onTake, taken }: { readonly onTake: (passphrase: string) => void; readonly taken: string }): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  return (
    <div className="stack">
      <div>
        <Action
          icon="retry"
          isBusy={isBusy}
          onPress={() =>
            run(
              () => ask('suggest-passphrase', {}),
              ({ passphrase }) => onTake(passphrase),
            )
          }
        >
          {t('set-up.suggest')}
        </Action>
      </div>
      {/^[a-z]+([ -][a-z]+){3,}$/.test(taken) ? (
        <Notice kind="info">
          <p>{t('set-up.suggested')}</p>
          <p className="code selectable">{taken}</p>
        </Notice>
      ) : null}
      <FailureNotice failure={failure} />
    </div>
  );
}
