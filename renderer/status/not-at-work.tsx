/** The small window where nothing is synced: no folder yet, locked, stopped, or an agent that does not run. */
import { useState, type ReactNode } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { Action } from '../parts/action.tsx';
import { ask, askShell } from '../parts/bridge.ts';
import { SecretEntry } from '../parts/entry.tsx';
import { WholePath } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { Headline } from './headline.tsx';

export function Unlinked(): ReactNode {
  const { t } = useSurroundings();
  return (
    <>
      <main className="welcome">
        <span className="headline-icon mood-good">
          <Icon name="folder" size={28} />
        </span>
        <div role="status">
          <h1>{t('status.welcome')}</h1>
        </div>
        <p className="soft">{t('status.welcome-promise')}</p>
        <Action kind="main" onPress={() => void askShell('open-window', { window: 'set-up' })}>
          {t('status.set-up')}
        </Action>
      </main>
    </>
  );
}

export function Locked({ folder }: { readonly folder: string }): ReactNode {
  const { t } = useSurroundings();
  const [passphrase, setPassphrase] = useState('');
  const { run, isBusy, failure } = useDoing();
  const unlock = (): void => {
    if (passphrase !== '')
      run(
        () => ask('unlock', { passphrase }),
        () => setPassphrase(''),
      );
  };
  return (
    <>
      <Headline icon="lock" mood="resting" title={t('status.locked')} detail={t('status.locked-detail')} />
      <main className="status-body">
        <FolderLine folder={folder} />
        <SecretEntry label={t('words.passphrase')} value={passphrase} onChange={setPassphrase} onSubmit={unlock} hasFocus />
        <FailureNotice failure={failure} />
        <Action kind="main" icon="key" onPress={unlock} isBusy={isBusy} isDisabled={passphrase === ''}>
          {t('status.unlock')}
        </Action>
      </main>
    </>
  );
}

export function Stopped({ folder, why }: { readonly folder: string; readonly why: ToldFailure }): ReactNode {
  const { t } = useSurroundings();
  return (
    <>
      <Headline icon="alert" mood="bad" title={t('status.stopped')} detail={t('status.stopped-detail')} />
      <main className="status-body">
        <FolderLine folder={folder} />
        <FailureNotice failure={why} />
        <Notice kind="info">
          <p>{t('status.files-are-safe')}</p>
        </Notice>
        <div className="row">
          <Action kind="main" icon="retry" onPress={() => void askShell('restart-agent', {})}>
            {t('words.try-again')}
          </Action>
          <Action icon="gear" onPress={() => void askShell('open-window', { window: 'settings', page: 'folders' })}>
            {t('title.settings')}
          </Action>
        </div>
      </main>
    </>
  );
}

/** `isOver`: it ended too often, and is not started again by itself. */
export function AgentAway({ isOver, why }: { readonly isOver: boolean; readonly why: string }): ReactNode {
  const { t } = useSurroundings();
  if (!isOver)
    return (
      <main>
        <Headline icon="sync" mood="busy" title={t('status.starting')} detail={t('status.starting-detail')} />
      </main>
    );
  return (
    <>
      <Headline icon="alert" mood="bad" title={t('status.agent-failed')} detail={t('status.agent-failed-detail')} />
      <main className="status-body">
        <Notice kind="danger">
          <p>{t('status.agent-failed-help')}</p>
          {why === '' ? null : (
            <details>
              <summary>{t('words.details')}</summary>
              <p className="code selectable">{showHidden(why)}</p>
            </details>
          )}
        </Notice>
        <Notice kind="info">
          <p>{t('status.files-are-safe')}</p>
        </Notice>
        <div className="row">
          <Action kind="main" icon="retry" onPress={() => void askShell('restart-agent', {})}>
            {t('status.start-again')}
          </Action>
          <Action icon="info" onPress={() => void askShell('open-window', { window: 'settings', page: 'about' })}>
            {t('status.help')}
          </Action>
        </div>
      </main>
    </>
  );
}

function FolderLine({ folder }: { readonly folder: string }): ReactNode {
  const { t } = useSurroundings();
  return (
    <p className="folder-line">
      <span className="soft">{t('words.folder')}</span> <WholePath path={folder} />
    </p>
  );
}
