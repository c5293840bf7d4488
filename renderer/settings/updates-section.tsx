/** New versions of the app: whether it may ask for them, how it stands with them, and the way to the next one. */
import type { ReactNode } from 'react';
import type { ToldUpdates } from '../../src/control/acts/shell-acts.ts';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { HowFar } from '../parts/how-far.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { useNow, useSurroundings } from '../parts/surroundings.tsx';
import { SwitchLine } from '../parts/switch-line.tsx';
import { useShellAnswer } from '../parts/use-answer.ts';
import { useDoing } from '../parts/use-doing.ts';

export function UpdatesSection(): ReactNode {
  const { t, preferences } = useSurroundings();
  const { answer: told } = useShellAnswer('read-updates', {}, ['updates', 'preferences']);
  if (told === undefined) return null;
  // What nobody's word would change needs none.
  const isPossible = told.is !== 'off' || told.why === 'not-wanted';
  return (
    <section className="stack">
      <h2>{t('updates.title')}</h2>
      {isPossible ? (
        <SwitchLine
          label={t('updates.wanted')}
          help={t('updates.wanted-help')}
          isOn={preferences.looksForUpdates}
          onChange={(looksForUpdates) => void askShell('change-preferences', { looksForUpdates })}
        />
      ) : null}
      <div role="status">
        <State told={told} />
      </div>
    </section>
  );
}

function State({ told }: { readonly told: ToldUpdates }): ReactNode {
  const { t } = useSurroundings();
  switch (told.is) {
    case 'off':
      return <p className="soft">{t(`updates.off.${told.why}`)}</p>;
    case 'not-looked':
    case 'looking':
      return <Looked title={t(`updates.${told.is}`)} isLooking={told.is === 'looking'} />;
    case 'current':
      return <Looked title={t('updates.current')} at={told.at} />;
    case 'newer':
      return (
        <Notice kind="info" title={t('updates.newer', { version: told.version })}>
          <p>{t('updates.newer-detail')}</p>
        </Notice>
      );
    case 'downloading':
      return <Downloading version={told.version} percent={told.percent} />;
    case 'ready':
    case 'waiting':
      return <Ready told={told} />;
    case 'failed':
      return (
        <Notice kind={told.why === 'unreachable' ? 'info' : 'warning'} title={t(`updates.failed.${told.why}`)}>
          <p>{t(`updates.failed-detail.${told.why}`)}</p>
          <LookedAt at={told.at} />
          <div>
            <LookNow />
          </div>
        </Notice>
      );
    default:
      return null;
  }
}

function Looked({
  title,
  at,
  isLooking = false,
}: {
  readonly title: string;
  readonly at?: string;
  readonly isLooking?: boolean;
}): ReactNode {
  return (
    <div className="spread">
      <div className="shrinks">
        <p>{title}</p>
        <LookedAt at={at} />
      </div>
      <LookNow isLooking={isLooking} />
    </div>
  );
}

function LookedAt({ at }: { readonly at: string | undefined }): ReactNode {
  const { t, formats } = useSurroundings();
  const nowMs = useNow();
  return at === undefined ? null : <p className="fine-print">{t('updates.looked', { ago: formats.ago(at, nowMs) })}</p>;
}

function LookNow({ isLooking = false }: { readonly isLooking?: boolean }): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy } = useDoing();
  return (
    <Action icon="retry" isBusy={isBusy || isLooking} onPress={() => run(() => askShell('look-for-updates', {}))}>
      {t('updates.look')}
    </Action>
  );
}

function Downloading({ version, percent }: { readonly version: string; readonly percent: number }): ReactNode {
  const { t } = useSurroundings();
  const title = t('updates.downloading', { version });
  return (
    <div className="stack-tight">
      <div className="spread">
        <p className="shrinks">{title}</p>
        <span className="soft numbers">{t('updates.percent', { percent })}</span>
      </div>
      <HowFar label={title} fraction={percent / 100} />
    </div>
  );
}

function Ready({ told }: { readonly told: Extract<ToldUpdates, { readonly is: 'ready' | 'waiting' }> }): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  const isWaiting = told.is === 'waiting';
  return (
    <Notice kind="good" title={t(`updates.${told.is}`, { version: told.version })}>
      <p>{t(`updates.${told.is}-detail`)}</p>
      <div>
        <Action icon="retry" isBusy={isBusy} onPress={() => run(() => askShell('install-update', { now: isWaiting }))}>
          {t(isWaiting ? 'updates.restart' : 'updates.restart-app')}
        </Action>
      </div>
      <FailureNotice failure={failure} />
    </Notice>
  );
}
