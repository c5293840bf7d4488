/** It is set up: what happens now. */
import type { ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { HowFar } from '../parts/how-far.tsx';
import { Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { StepFrame } from './step-frame.tsx';

export function DoneStep(): ReactNode {
  const { t, formats, system } = useSurroundings();
  const overview = useAnswer('overview', {}, ['state', 'progress']).answer;
  const linked = overview?.is === 'linked' ? overview : undefined;
  const total = linked?.progress === undefined || linked.progress === null ? 0 : linked.progress.bytesDone + linked.progress.bytesLeft;
  return (
    <StepFrame
      title={t('set-up.done')}
      lead={t(system.hasTray ? 'set-up.done-lead' : 'set-up.done-lead-without-tray')}
      onNext={() => void askShell('close-window', {})}
      nextLabel={t('words.close')}
    >
      {linked?.state === 'synced' ? <Notice kind="good" title={t('status.state.synced')} /> : null}
      {linked?.progress === undefined || linked.progress === null ? null : (
        <section className="card stack-tight" aria-label={t('status.transfer')}>
          <p>{t('status.items-left', { items: linked.progress.itemsLeft })}</p>
          <HowFar label={t('status.transfer')} fraction={total === 0 ? undefined : linked.progress.bytesDone / total} />
          <p className="fine-print numbers">
            {t('status.bytes-of', { done: formats.bytes(linked.progress.bytesDone), total: formats.bytes(total) })}
          </p>
        </section>
      )}
      <div>
        <Action icon="folder" onPress={() => void askShell('open-folder', {})}>
          {t('status.open-folder')}
        </Action>
      </div>
    </StepFrame>
  );
}
