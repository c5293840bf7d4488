/** The folder, its vault, this device; and how to part from it. */
import { useState, type ReactNode } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { EmptyState, Waiting } from '../parts/empty-state.tsx';
import { WholePath } from '../parts/file-name.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { useDoing } from '../parts/use-doing.ts';
import { useVaults, type Vaults } from '../parts/use-vaults.ts';
import { MovedSection } from './moved-section.tsx';
import { AnotherVault, VaultList } from './vaults-section.tsx';

export function FoldersPage(): ReactNode {
  const { t, formats } = useSurroundings();
  const vaults = useVaults();
  const { answer, failure } = useAnswer('overview', {}, ['state', 'settings', 'folders']);
  if (answer === undefined && failure === undefined) return <Waiting label={t('selective.loading')} />;
  if (answer === undefined) return <Unanswered vaults={vaults} failure={failure} />;
  if (answer.is === 'unlinked') {
    return (
      <EmptyState icon="folder" title={t('not-linked.unlinked')}>
        <Action kind="main" onPress={() => void askShell('open-window', { window: 'set-up' })}>
          {t('status.set-up')}
        </Action>
      </EmptyState>
    );
  }
  return (
    <div className="stack-wide">
      {vaults?.areMore === true ? <VaultList vaults={vaults} /> : null}
      <section className="card stack">
        <div className="spread">
          <h2 className="shrinks">
            <WholePath path={answer.folder} />
          </h2>
          <Action icon="folder" onPress={() => void askShell('open-folder', {})}>
            {t('status.open-folder')}
          </Action>
        </div>
        <dl className="facts">
          {answer.is === 'linked' ? (
            <>
              <dt>{t('folders.store')}</dt>
              <dd className="selectable">
                <WholePath path={answer.store} />
              </dd>
              <dt>{t('folders.in-vault')}</dt>
              <dd>{t('status.in-vault', { bytes: formats.bytes(answer.bytes), files: answer.files })}</dd>
              <dt>{t('folders.here')}</dt>
              <dd>{t('status.in-vault', { bytes: formats.bytes(answer.local.bytes), files: answer.local.files })}</dd>
            </>
          ) : null}
          <dt>{t('folders.device')}</dt>
          <dd>{showHidden(answer.device)}</dd>
        </dl>
        {answer.is === 'stopped' ? <FailureNotice failure={answer.why} /> : null}
      </section>
      <MovedSection />
      {vaults?.areMore === false ? <AnotherVault /> : null}
      {vaults === undefined ? null : <Unlink vaults={vaults} folder={answer.folder} />}
    </div>
  );
}

/** The agent does not run: what the app knows without it, and the way out. */
function Unanswered({ vaults, failure }: { readonly vaults: Vaults | undefined; readonly failure: ToldFailure | undefined }): ReactNode {
  const folder = vaults?.rows.find(({ vault }) => vault === vaults.here)?.folder ?? null;
  return (
    <div className="stack-wide">
      {vaults?.areMore === true ? <VaultList vaults={vaults} /> : null}
      {failure?.code === 'E_BUSY' ? <AgentDown /> : <FailureNotice failure={failure} />}
      {vaults === undefined || folder === null ? null : <Unlink vaults={vaults} folder={folder} />}
    </div>
  );
}

function AgentDown(): ReactNode {
  const { t } = useSurroundings();
  return (
    <Notice kind="warning" title={t('folders.agent-down')}>
      <p>{t('folders.agent-down-help')}</p>
      <div>
        <Action icon="retry" onPress={() => void askShell('restart-agent', {})}>
          {t('status.start-again')}
        </Action>
      </div>
    </Notice>
  );
}

function Unlink({ vaults: { here, areMore }, folder }: { readonly vaults: Vaults; readonly folder: string }): ReactNode {
  const { t } = useSurroundings();
  const [isAsking, setAsking] = useState(false);
  const { run, isBusy, failure } = useDoing();
  return (
    <section className="stack-tight">
      <h2>{t('folders.unlink')}</h2>
      <p className="soft">{t('folders.unlink-detail')}</p>
      <div>
        <Action onPress={() => setAsking(true)}>{t('folders.unlink-ask')}</Action>
      </div>
      <Question
        title={t('folders.unlink-question')}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        isDanger
        actions={
          <>
            <Action onPress={() => setAsking(false)}>{t('words.cancel')}</Action>
            <Action
              kind="danger"
              isBusy={isBusy}
              onPress={() =>
                run(
                  () => askShell('remove-vault', { vault: here }),
                  () => setAsking(false),
                )
              }
            >
              {t('folders.unlink')}
            </Action>
          </>
        }
      >
        <p>
          <WholePath path={folder} />
        </p>
        <p>{t('folders.unlink-detail')}</p>
        <p>{t('folders.unlink-keys')}</p>
        {areMore ? <p>{t('folders.unlink-others')}</p> : null}
        <FailureNotice failure={failure} />
      </Question>
    </section>
  );
}
