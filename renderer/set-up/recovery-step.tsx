/** The recovery key: shown this one time, kept by the person, and a proof that it was. */
import { useState, type ReactNode } from 'react';
import { Entry } from '../parts/entry.tsx';
import { Notice } from '../parts/notice.tsx';
import { RecoveryKey } from '../parts/recovery-key.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { chooseGroups, groupsOf, isSameGroup } from './recovery-groups.ts';
import { StepFrame } from './step-frame.tsx';

export function RecoveryStep({ recoveryKey, onNext }: { readonly recoveryKey: string; readonly onNext: () => void }): ReactNode {
  const { t } = useSurroundings();
  const groups = groupsOf(recoveryKey);
  const [asked] = useState(() => chooseGroups(groups.length, () => Math.random()));
  const [typed, setTyped] = useState<readonly [string, string]>(['', '']);
  const isRight = asked.every((group, at) => isSameGroup(typed[at] ?? '', groups[group] ?? ''));
  const goOn = (): void => {
    if (isRight) onNext();
  };
  const trouble = (at: 0 | 1): string => {
    const group = groups[asked[at]] ?? '';
    return typed[at].length >= group.length && !isSameGroup(typed[at], group) ? t('set-up.group-differs') : '';
  };
  return (
    <StepFrame title={t('set-up.recovery')} lead={t('set-up.recovery-lead')} onNext={goOn} isNextDisabled={!isRight}>
      <RecoveryKey recoveryKey={recoveryKey} />
      <Notice kind="warning">
        <p>{t('set-up.recovery-warning')}</p>
      </Notice>
      <section className="stack-tight" aria-labelledby="confirm-title">
        <h2 id="confirm-title">{t('set-up.confirm')}</h2>
        <div className="two-columns">
          <Entry
            label={t('set-up.group', { number: asked[0] + 1 })}
            value={typed[0]}
            onChange={(value) => setTyped([value, typed[1]])}
            trouble={trouble(0)}
            onSubmit={goOn}
            maxLength={16}
            isCode
          />
          <Entry
            label={t('set-up.group', { number: asked[1] + 1 })}
            value={typed[1]}
            onChange={(value) => setTyped([typed[0], value])}
            trouble={trouble(1)}
            onSubmit={goOn}
            maxLength={16}
            isCode
          />
        </div>
      </section>
    </StepFrame>
  );
}
