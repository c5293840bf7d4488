/** Whether the storage still has everything, as it was written; and bringing back what it lost. */
import type { ReactNode } from 'react';
import type { VerifyState } from '../../src/control/acts/verify-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { FileName } from '../parts/file-name.tsx';
import { HowFar } from '../parts/how-far.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { useNow, useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { useDoing } from '../parts/use-doing.ts';

type Done = Extract<VerifyState, { readonly is: 'done' }>;
type Running = Extract<VerifyState, { readonly is: 'running' }>;

/** Of damaged files, so many are named. */
const namedMax = 20;

export function VerifySection(): ReactNode {
  const { t, formats } = useSurroundings();
  const { answer: state } = useAnswer('read-verify', {}, ['verify', 'state']);
  const overview = useAnswer('overview', {}, ['state']).answer;
  const { run, isBusy, failure } = useDoing();
  const begin = (readsData: boolean, repairs = false): void => run(() => ask('begin-verify', { readsData, repairs }));
  const isRunning = state?.is === 'running';
  return (
    <section className="stack">
      <h2>{t('verify.title')}</h2>
      <p className="soft">{t('verify.help')}</p>
      {isRunning ? (
        <Progress state={state} />
      ) : (
        <div className="row">
          <Action onPress={() => begin(false)} isBusy={isBusy}>
            {t('verify.quick')}
          </Action>
          <Action onPress={() => begin(true)} isBusy={isBusy}>
            {t('verify.full')}
          </Action>
          {overview?.is === 'linked' ? (
            <span className="fine-print">{t('verify.full-help', { bytes: formats.bytes(overview.bytes) })}</span>
          ) : null}
        </div>
      )}
      <div role="status">{state?.is === 'done' ? <Outcome done={state} onRepair={() => begin(state.readsData, true)} /> : null}</div>
      {state?.is === 'failed' ? <FailureNotice failure={state.why} /> : null}
      <FailureNotice failure={failure} />
    </section>
  );
}

function Progress({ state: { packs, of, repairs } }: { readonly state: Running }): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  const title = t(repairs ? 'verify.repairing' : 'verify.running');
  return (
    <div className="stack-tight">
      <div className="spread">
        <p className="shrinks">{title}</p>
        <span className="soft numbers">{packs === 0 ? '' : t('verify.packs', { packs: Math.min(packs, of), of })}</span>
      </div>
      <HowFar label={title} fraction={packs === 0 || of === 0 ? undefined : packs / of} />
      <div>
        <Action onPress={() => run(() => ask('stop-verify', {}))} isBusy={isBusy}>
          {t('verify.stop')}
        </Action>
      </div>
      <FailureNotice failure={failure} />
    </div>
  );
}

function Outcome({ done, onRepair }: { readonly done: Done; readonly onRepair: () => void }): ReactNode {
  const { t, formats } = useSurroundings();
  const nowMs = useNow();
  const { damaged, files, firstFiles, packs, entries, at, readsData } = done;
  if (damaged === 0) {
    return (
      <Notice kind="good" title={t(readsData ? 'verify.good' : 'verify.good-quick')}>
        <p>{t('verify.good-detail', { packs, entries, ago: formats.ago(at, nowMs) })}</p>
      </Notice>
    );
  }
  const named = firstFiles.slice(0, namedMax);
  return (
    <Notice kind="warning" title={t('verify.bad', { damaged })}>
      <p>{t('verify.bad-files', { files })}</p>
      <ul className="bullets">
        {named.map((path) => (
          <li key={path}>
            <FileName name={path} />
          </li>
        ))}
        {files > named.length ? <li>{t('verify.and-more', { files: files - named.length })}</li> : null}
      </ul>
      <p>{t('verify.bad-help')}</p>
      <div>
        <Action onPress={onRepair}>{t('verify.repair')}</Action>
      </div>
    </Notice>
  );
}
