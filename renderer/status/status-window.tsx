/** The small window that a click on the tray's icon opens. */
import './status.css';
import type { ReactNode } from 'react';
import type { Overview } from '../../src/control/acts/overview-acts.ts';
import { FailedRead } from '../parts/failed-read.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer, useShellAnswer } from '../parts/use-answer.ts';
import { VaultSwitch } from '../parts/vault-switch.tsx';
import { LinkedView } from './linked-view.tsx';
import { AgentAway, Locked, Stopped, Unlinked } from './not-at-work.tsx';

export function StatusWindow(): ReactNode {
  const { t } = useSurroundings();
  const agent = useShellAnswer('read-agent', {}, ['agent']).answer;
  const { answer, failure, again } = useAnswer('overview', {}, ['state', 'progress', 'conflicts', 'problems', 'settings', 'folders']);
  return (
    <div className="status-window">
      <VaultSwitch />
      {agent !== undefined && agent.is !== 'running' ? (
        <AgentAway isOver={agent.is === 'failed'} why={agent.why} />
      ) : answer === undefined ? (
        failure === undefined ? null : (
          <main className="status-body">
            <h1>{t('title.status')}</h1>
            <FailedRead failure={failure} again={again} />
          </main>
        )
      ) : (
        <Shown overview={answer} />
      )}
    </div>
  );
}

function Shown({ overview }: { readonly overview: Overview }): ReactNode {
  switch (overview.is) {
    case 'unlinked':
      return <Unlinked />;
    case 'locked':
      return <Locked folder={overview.folder} />;
    case 'stopped':
      return <Stopped folder={overview.folder} why={overview.why} />;
    case 'linked':
      return <LinkedView overview={overview} />;
    default:
      return null;
  }
}
