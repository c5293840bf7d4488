/** How this computer shows that it may join. */
import type { ReactNode } from 'react';
import { Choice } from '../parts/choice.tsx';
import { Entry, SecretEntry } from '../parts/entry.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { KeyStorageNote } from './key-storage-note.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';

export function JoinKeyStep({ draft, change, onBack, onNext }: StepProps): ReactNode {
  const { t } = useSurroundings();
  const { joinBy } = draft;
  const isReady = joinBy === 'code' || (joinBy === 'passphrase' ? draft.passphrase : draft.recoveryKey.trim()) !== '';
  const goOn = (): void => {
    if (isReady) onNext();
  };
  return (
    <StepFrame title={t('set-up.join-key')} onBack={onBack} onNext={goOn} isNextDisabled={!isReady} nextLabel={t('set-up.join')}>
      <Choice
        look="cards"
        label={t('set-up.join-key')}
        isLabelHidden
        value={joinBy}
        onChange={(chosen) => change({ joinBy: chosen, ...(chosen === 'passphrase' ? {} : { asksAtStart: false }) })}
        options={[
          { value: 'passphrase', icon: 'key', label: t('words.passphrase'), help: t('set-up.by-passphrase-help') },
          { value: 'code', icon: 'device', label: t('set-up.by-code'), help: t('set-up.by-code-help') },
          { value: 'recovery-key', icon: 'shield', label: t('words.recovery-key'), help: t('set-up.by-recovery-help') },
        ]}
      />
      {joinBy === 'passphrase' ? (
        <SecretEntry
          label={t('words.passphrase')}
          value={draft.passphrase}
          onChange={(passphrase) => change({ passphrase })}
          onSubmit={goOn}
        />
      ) : null}
      {joinBy === 'recovery-key' ? (
        <Entry
          label={t('words.recovery-key')}
          value={draft.recoveryKey}
          onChange={(recoveryKey) => change({ recoveryKey })}
          onSubmit={goOn}
          isCode
        />
      ) : null}
      <KeyStorageNote draft={draft} change={change} hasPassphrase={joinBy === 'passphrase'} />
    </StepFrame>
  );
}
