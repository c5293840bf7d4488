/** The same vault at another address, or with another password. */
import { useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Choice } from '../parts/choice.tsx';
import { FailedRead } from '../parts/failed-read.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { StoreFieldsForm } from '../set-up/store-fields.tsx';
import { emptyStoreFields, storeKinds, storePlaceOf, type StoreKind } from '../set-up/store-place.ts';
import { useProbe, type Probe } from '../set-up/use-probe.ts';

export function RelinkStore({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }): ReactNode {
  const { t } = useSurroundings();
  const [kind, setKind] = useState<StoreKind>('server');
  const [fields, setFields] = useState(emptyStoreFields);
  const place = storePlaceOf(kind, fields);
  const { probe, again } = useProbe(place);
  const { run, isBusy, failure } = useDoing();
  const isFit = probe.is === 'answered' && probe.answer.has === 'vault';
  const relink = (): void => {
    if (place === undefined || !isFit) return;
    run(
      () => ask('relink-store', { store: place }),
      () => {
        onDone();
        onClose();
      },
    );
  };
  return (
    <Question
      title={t('folders.store-question')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Action onPress={onClose}>{t('words.cancel')}</Action>
          <Action kind="main" onPress={relink} isBusy={isBusy} isDisabled={!isFit}>
            {t('folders.store-use')}
          </Action>
        </>
      }
    >
      <p>{t('folders.store-lead')}</p>
      <Choice
        look="row"
        label={t('set-up.store-kind')}
        isLabelHidden
        value={kind}
        onChange={setKind}
        options={storeKinds.map((value) => ({ value, label: t(`set-up.kind.${value}`) }))}
      />
      <StoreFieldsForm
        kind={kind}
        fields={fields}
        onChange={(changes) => setFields((before) => ({ ...before, ...changes }))}
        onSubmit={relink}
      />
      <div role="status">
        <Probed probe={probe} again={again} />
      </div>
      <FailureNotice failure={failure} />
    </Question>
  );
}

function Probed({ probe, again }: { readonly probe: Probe; readonly again: () => void }): ReactNode {
  const { t } = useSurroundings();
  if (probe.is === 'not-asked') return null;
  if (probe.is === 'asking') return <p className="soft">{t('set-up.probing')}</p>;
  if (probe.is === 'failed') return <FailedRead failure={probe.failure} again={again} />;
  const isVault = probe.answer.has === 'vault';
  return <Notice kind={isVault ? 'good' : 'warning'} title={t(isVault ? 'set-up.fits-join' : 'folders.store-not-vault')} />;
}
