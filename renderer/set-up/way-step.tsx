import type { ReactNode } from 'react';
import { Choice } from '../parts/choice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useVaults } from '../parts/use-vaults.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';

/** A new vault, or one that is there. */
export function WayStep({ draft, change, onNext }: StepProps): ReactNode {
  const { t } = useSurroundings();
  const isMore = useVaults()?.areMore === true;
  const title = t(isMore ? 'set-up.way-more' : 'set-up.way');
  return (
    <StepFrame title={title} lead={t('set-up.way-lead')} onNext={onNext}>
      <Choice
        look="cards"
        label={title}
        isLabelHidden
        value={draft.way}
        onChange={(way) => change({ way })}
        options={[
          { value: 'new', icon: 'add', label: t('set-up.way-new'), help: t(isMore ? 'set-up.way-new-help-more' : 'set-up.way-new-help') },
          { value: 'join', icon: 'link', label: t('set-up.way-join'), help: t('set-up.way-join-help') },
        ]}
      />
    </StepFrame>
  );
}
