/** The small window of a folder that is linked. */
import type { ReactNode } from 'react';
import { whyStuck } from '../../src/control/acts/why-stuck.ts';
import { Action, IconAction } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { FailureNotice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { Attention } from './attention.tsx';
import type { Linked } from './linked.ts';
import { Pause } from './pause.tsx';
import { Recent } from './recent.tsx';
import { StateHeadline } from './state-headline.tsx';
import { Storage } from './storage.tsx';
import { Transfer } from './transfer.tsx';

/** What is on its way waits: a speed of nothing says less than the headline. */
const standsStill: ReadonlySet<Linked['state']> = new Set(['paused', 'offline', 'refused']);

export function LinkedView({ overview }: { readonly overview: Linked }): ReactNode {
  const { t } = useSurroundings();
  const stuck = whyStuck(overview);
  // Being paused or having nothing to do is no trouble that would need a reason.
  const why = overview.state === 'offline' || overview.state === 'refused' ? overview.why : stuck;
  return (
    <>
      <StateHeadline overview={overview} />
      <main className="status-body">
        <FailureNotice failure={why} kind={overview.state === 'offline' && stuck === undefined ? 'info' : 'danger'} />
        <Attention overview={overview} />
        {overview.progress === null || standsStill.has(overview.state) ? null : <Transfer progress={overview.progress} />}
        <Recent />
      </main>
      <footer className="status-foot">
        <Storage overview={overview} />
        <div className="status-actions">
          <Action icon="folder" onPress={() => void askShell('open-folder', {})}>
            {t('status.open-folder')}
          </Action>
          <Pause isPaused={overview.state === 'paused'} />
          <span className="push-right row">
            <IconAction icon="history" label={t('title.history')} onPress={() => void askShell('open-window', { window: 'history' })} />
            <IconAction icon="gear" label={t('title.settings')} onPress={() => void askShell('open-window', { window: 'settings' })} />
          </span>
        </div>
      </footer>
    </>
  );
}
