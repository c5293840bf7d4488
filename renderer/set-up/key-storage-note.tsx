/** What opens this computer's own keys later: said honestly where the system has no keychain. */
import type { ReactNode } from 'react';
import { Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { Tick } from '../parts/tick.tsx';
import type { StepProps } from './step-props.ts';

/** `hasPassphrase`: there is one that could be asked for. */
export function KeyStorageNote({
  draft,
  change,
  hasPassphrase,
}: Pick<StepProps, 'draft' | 'change'> & { readonly hasPassphrase: boolean }): ReactNode {
  const { t } = useSurroundings();
  // Tried by the agent, which is to use it: what Electron would find says nothing about that.
  const keychain = useAnswer('look-at-keychain', {}, []).answer;
  return (
    <>
      {keychain?.works !== false || draft.asksAtStart ? null : (
        <Notice kind="info" title={t('set-up.keychain-none')}>
          <p className="fine-print">{t('set-up.keychain-detail')}</p>
        </Notice>
      )}
      {hasPassphrase ? (
        <Tick isChecked={draft.asksAtStart} onChange={(asksAtStart) => change({ asksAtStart })}>
          {t('set-up.ask-at-start')}
        </Tick>
      ) : null}
    </>
  );
}
