/** In windows of a folder, where there is none that is open: why, and where to go on. */
import type { ReactNode } from 'react';
import type { Overview } from '../../src/control/acts/overview-acts.ts';
import { Action } from './action.tsx';
import { askShell } from './bridge.ts';
import { EmptyState } from './empty-state.tsx';
import { useSurroundings } from './surroundings.tsx';

export function NotLinked({ overview: { is } }: { readonly overview: Exclude<Overview, { readonly is: 'linked' }> }): ReactNode {
  const { t } = useSurroundings();
  const window = is === 'unlinked' ? 'set-up' : 'status';
  return (
    <div className="centre">
      <EmptyState icon={is === 'locked' ? 'lock' : 'folder'} title={t(`not-linked.${is}`)}>
        <p>{t(`not-linked.${is}-detail`)}</p>
        <Action kind="main" onPress={() => void askShell('open-window', { window })}>
          {t(is === 'locked' ? 'not-linked.open-unlock' : `not-linked.open-${window}`)}
        </Action>
      </EmptyState>
    </div>
  );
}
