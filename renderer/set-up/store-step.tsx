/** Where the vault is, or is to be; tried out while it is filled in. */
import type { ReactNode } from 'react';
import { Choice } from '../parts/choice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { ProbeNotice } from './probe-notice.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import { StoreFieldsForm } from './store-fields.tsx';
import { storeKinds, storePlaceOf, type StoreKind } from './store-place.ts';
import { useProbe, type Probe } from './use-probe.ts';

const kindIcons = { server: 'network', s3: 'cloud', webdav: 'cloud', folder: 'folder' } as const satisfies Record<StoreKind, string>;

export function StoreStep({ draft, change, onBack, onNext }: StepProps): ReactNode {
  const { t } = useSurroundings();
  const { probe, again } = useProbe(storePlaceOf(draft.storeKind, draft.store));
  const fits = isFit(probe, draft.way);
  const goOn = (): void => {
    if (fits) onNext();
  };
  return (
    <StepFrame title={t(`set-up.store-${draft.way}`)} lead={t('set-up.store-lead')} onBack={onBack} onNext={goOn} isNextDisabled={!fits}>
      <Choice
        look="row"
        label={t('set-up.store-kind')}
        isLabelHidden
        value={draft.storeKind}
        onChange={(storeKind) => change({ storeKind })}
        options={storeKinds.map((kind) => ({ value: kind, label: t(`set-up.kind.${kind}`), icon: kindIcons[kind] }))}
      />
      <StoreFieldsForm
        kind={draft.storeKind}
        fields={draft.store}
        onChange={(changes) => change({ store: { ...draft.store, ...changes } })}
        onSubmit={goOn}
      />
      <ProbeNotice probe={probe} way={draft.way} again={again} onOtherWay={(way) => change({ way })} />
    </StepFrame>
  );
}

/** Whether what is there is what is wanted: nothing for a new vault, a vault for joining. */
function isFit(probe: Probe, way: 'new' | 'join'): boolean {
  return probe.is === 'answered' && probe.answer.has === (way === 'new' ? 'nothing' : 'vault');
}
