/** The folder or the storage stands elsewhere than before. */
import { useState, type ReactNode } from 'react';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';
import { Action } from '../parts/action.tsx';
import { ask, askShell } from '../parts/bridge.ts';
import { FailureNotice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { RelinkStore } from './relink-store.tsx';

/** What stands elsewhere now. */
type Done = 'store' | { readonly folder: string };

export function MovedSection(): ReactNode {
  const { t } = useSurroundings();
  const [isAsking, setAsking] = useState(false);
  const [done, setDone] = useState<Done>();
  const { run, isBusy, failure } = useDoing();
  const relink = (): void =>
    run(
      async (): Promise<Outcome<{ readonly folder: string } | undefined>> => {
        const chosen = await askShell('pick-folder', { for: 'moved' });
        if (!chosen.ok) return chosen;
        const { picked } = chosen.answer;
        return picked === null ? { ok: true, answer: undefined } : ask('relink-folder', { folder: picked.id });
      },
      (answer) => setDone(answer === undefined ? undefined : { folder: answer.folder }),
    );
  return (
    <section className="stack-tight">
      <h2>{t('folders.moved')}</h2>
      <p className="soft">{t('folders.moved-help')}</p>
      <div className="row">
        <Action icon="folder" onPress={relink} isBusy={isBusy}>
          {t('folders.relink-folder')}
        </Action>
        <Action icon="cloud" onPress={() => setAsking(true)}>
          {t('folders.relink-store')}
        </Action>
      </div>
      <p role="status" className="soft">
        {done === 'store' ? t('folders.store-is-here') : done === undefined ? '' : t('folders.folder-is-here', { folder: done.folder })}
      </p>
      <FailureNotice failure={failure} />
      {isAsking ? <RelinkStore onClose={() => setAsking(false)} onDone={() => setDone('store')} /> : null}
    </section>
  );
}
