/** Removes a computer from the vault: what that means first, the new recovery key after. */
import { useState, type ReactNode } from 'react';
import type { ToldDevice } from '../../src/control/acts/device-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { SecretEntry } from '../parts/entry.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { RecoveryKey } from '../parts/recovery-key.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';

export function RemoveDevice({ device, onClose }: { readonly device: ToldDevice; readonly onClose: () => void }): ReactNode {
  const { t } = useSurroundings();
  const [passphrase, setPassphrase] = useState('');
  const [removed, setRemoved] = useState<{ readonly recoveryKey: string | null }>();
  const { run, isBusy, failure } = useDoing();
  const remove = (): void =>
    run(() => ask('remove-device', { device: device.id, ...(passphrase === '' ? {} : { passphrase }) }), setRemoved);
  if (removed !== undefined) {
    return (
      <Question
        title={t('devices.is-removed', { device: device.name })}
        isOpen
        isDanger={removed.recoveryKey !== null}
        onClose={onClose}
        actions={
          <Action kind="main" onPress={onClose}>
            {t('words.close')}
          </Action>
        }
      >
        <p>{t('devices.change-store')}</p>
        {removed.recoveryKey === null ? null : (
          <>
            <Notice kind="warning" title={t('devices.new-key')} />
            <RecoveryKey recoveryKey={removed.recoveryKey} />
          </>
        )}
      </Question>
    );
  }
  return (
    <Question
      title={t('devices.remove-question', { device: device.name })}
      isOpen
      isDanger
      onClose={onClose}
      actions={
        <>
          <Action onPress={onClose}>{t('words.cancel')}</Action>
          <Action kind="danger" onPress={remove} isBusy={isBusy}>
            {t('devices.remove')}
          </Action>
        </>
      }
    >
      <ul className="bullets">
        <li>{t('devices.remove-keeps')}</li>
        <li>{t('devices.remove-new-keys')}</li>
        <li>{t('devices.remove-passphrase')}</li>
      </ul>
      <SecretEntry
        label={t('devices.new-passphrase')}
        help={t('devices.new-passphrase-help')}
        value={passphrase}
        onChange={setPassphrase}
      />
      <FailureNotice failure={failure} />
    </Question>
  );
}
