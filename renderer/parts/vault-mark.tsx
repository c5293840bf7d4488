/** How a vault stands, as a drawing; the words beside it say the same. */
import type { ReactNode } from 'react';
import type { VaultRow } from '../../src/control/acts/shell-acts.ts';
import { Icon, type IconName } from './icon.tsx';

const icons: Readonly<Record<VaultRow['state'], IconName>> = {
  synced: 'check',
  syncing: 'sync',
  paused: 'pause',
  attention: 'alert',
  offline: 'offline',
};

export function VaultMark({ state }: { readonly state: VaultRow['state'] }): ReactNode {
  return (
    <span className={`vault-mark vault-mark-${state}`}>
      <Icon name={icons[state]} size={16} />
    </span>
  );
}
