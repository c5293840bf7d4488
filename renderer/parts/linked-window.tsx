/** A wide window about the synced folder: what it shows once that is open; till then, why it is not. */
import './wide.css';
import type { ReactNode } from 'react';
import type { AgentNewsKind } from '../../src/control/acts/agent-news.ts';
import type { Overview } from '../../src/control/acts/overview-acts.ts';
import { Waiting } from './empty-state.tsx';
import { FailedRead } from './failed-read.tsx';
import { NotLinked } from './not-linked.tsx';
import { useSurroundings } from './surroundings.tsx';
import { useAnswer } from './use-answer.ts';
import { VaultSwitch } from './vault-switch.tsx';

interface LinkedWindowProps {
  /** Read out, not seen. */
  readonly title: string;
  /** What is shown is not what it was after news of these kinds. */
  readonly news: readonly AgentNewsKind[];
  readonly children: (overview: Extract<Overview, { readonly is: 'linked' }>) => ReactNode;
}

export function LinkedWindow({ title, news, children }: LinkedWindowProps): ReactNode {
  const { t } = useSurroundings();
  const { answer, failure, again } = useAnswer('overview', {}, news);
  const shown = (): ReactNode => {
    if (answer !== undefined) return answer.is === 'linked' ? children(answer) : <NotLinked overview={answer} />;
    return failure === undefined ? <Waiting label={t('words.loading')} /> : <FailedRead failure={failure} again={again} />;
  };
  return (
    <main className="wide-window">
      <h1 className="unseen">{title}</h1>
      <VaultSwitch />
      {shown()}
    </main>
  );
}
