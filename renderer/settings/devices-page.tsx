/** The computers of the vault: who is in, let one in, call this one something else, remove one. */
import { useState, type ReactNode } from 'react';
import type { ToldDevice } from '../../src/control/acts/device-acts.ts';
import { Action } from '../parts/action.tsx';
import { Icon } from '../parts/icon.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useNow, useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { LetIn } from './let-in.tsx';
import { RemoveDevice } from './remove-device.tsx';
import { RenewDevice } from './renew-device.tsx';
import { RenameDevice } from './rename-device.tsx';

export function DevicesPage(): ReactNode {
  const { t } = useSurroundings();
  const { answer, failure, again } = useAnswer('list-devices', {}, ['devices']);
  const [asking, setAsking] = useState<'let-in' | 'rename' | ToldDevice>();
  const close = (): void => {
    setAsking(undefined);
    again();
  };
  const own = answer?.rows.find((device) => device.this);
  return (
    <div className="stack-wide">
      <section className="stack">
        <div className="spread">
          <p className="soft shrinks">{t('devices.lead')}</p>
          <Action kind="main" icon="add" onPress={() => setAsking('let-in')}>
            {t('devices.let-in')}
          </Action>
        </div>
        <FailureNotice failure={failure} />
        <ul className="device-list">
          {answer?.rows.map((device) => (
            <DeviceRow key={device.id} device={device} onRemove={() => setAsking(device)} onRename={() => setAsking('rename')} />
          ))}
        </ul>
      </section>
      {own === undefined ? null : <RenewDevice onDone={again} />}
      {asking === 'let-in' ? <LetIn onClose={close} /> : null}
      {asking === 'rename' ? <RenameDevice name={own?.name ?? ''} onClose={close} /> : null}
      {typeof asking === 'object' ? <RemoveDevice device={asking} onClose={close} /> : null}
    </div>
  );
}

interface DeviceRowProps {
  readonly device: ToldDevice;
  readonly onRemove: () => void;
  readonly onRename: () => void;
}

function DeviceRow({ device, onRemove, onRename }: DeviceRowProps): ReactNode {
  const { t, formats } = useSurroundings();
  const nowMs = useNow();
  const { name, revoked, lastSeen, added, addedBy } = device;
  const seen = device.this
    ? t('devices.this')
    : lastSeen === null
      ? t('devices.never-seen')
      : t('devices.seen', { ago: formats.ago(lastSeen, nowMs) });
  return (
    <li className={`card device${revoked ? ' is-gone' : ''}`}>
      <Icon name="device" size={28} />
      <div className="device-words">
        <p className="device-name">
          <bdi>{showHidden(name)}</bdi>
        </p>
        <p className="fine-print">
          {revoked ? t('devices.removed') : seen}
          {' · '}
          {addedBy === null
            ? t('devices.added', { when: formats.day(added) })
            : t('devices.added-by', { when: formats.day(added), device: addedBy })}
        </p>
      </div>
      {revoked ? null : device.this ? (
        <Action icon="edit" kind="quiet" onPress={onRename}>
          {t('devices.rename')}
        </Action>
      ) : (
        <Action icon="trash" kind="quiet" onPress={onRemove} label={t('devices.remove-one', { device: name })}>
          {t('devices.remove')}
        </Action>
      )}
    </li>
  );
}
