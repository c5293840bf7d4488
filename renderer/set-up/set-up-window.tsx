/** From nothing to a folder in sync, page by page. */
import './set-up.css';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { ask, askShell } from '../parts/bridge.ts';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { DoneStep } from './done-step.tsx';
import { emptyDraft, stepAfter, stepBefore, stepsOf, type Draft, type Step } from './draft.ts';
import { FolderStep } from './folder-step.tsx';
import { JoinKeyStep } from './join-key-step.tsx';
import { NewKeyStep } from './new-key-step.tsx';
import { RecoveryStep } from './recovery-step.tsx';
import { StoreStep } from './store-step.tsx';
import { WayStep } from './way-step.tsx';
import { WorkStep } from './work-step.tsx';

export function SetUpWindow(): ReactNode {
  const [step, setStep] = useState<Step>('way');
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [recoveryKey, setRecoveryKey] = useState('');
  const before = stepBefore(step, draft.way);
  const props = {
    draft,
    change: (changes: Partial<Draft>) => setDraft((last) => ({ ...last, ...changes })),
    onBack: before === undefined ? undefined : () => setStep(before),
    onNext: () => setStep(stepAfter(step, draft.way)),
  };
  const onMade = ({ recoveryKey: key }: { readonly recoveryKey: string | undefined }): void => {
    // Nothing secret is kept longer than it is needed.
    setDraft(({ way }) => ({ ...emptyDraft, way }));
    setRecoveryKey(key ?? '');
    setStep(key === undefined ? 'done' : 'recovery');
  };
  return (
    <div className="set-up-window">
      <Progress step={step} way={draft.way} />
      {step === 'way' ? <WayStep {...props} /> : null}
      {step === 'store' ? <StoreStep {...props} /> : null}
      {step === 'folder' ? <FolderStep {...props} /> : null}
      {step === 'key' ? draft.way === 'new' ? <NewKeyStep {...props} /> : <JoinKeyStep {...props} /> : null}
      {step === 'work' ? <WorkStep draft={draft} onBack={() => setStep('key')} onMade={onMade} /> : null}
      {step === 'recovery' ? <RecoveryStep recoveryKey={recoveryKey} onNext={props.onNext} /> : null}
      {step === 'done' ? <DoneStep /> : null}
      <Leaving step={step} />
    </div>
  );
}

function Progress({ step, way }: { readonly step: Step; readonly way: Draft['way'] }): ReactNode {
  const { t } = useSurroundings();
  const steps = stepsOf(way);
  const at = steps.indexOf(step) + 1;
  return (
    <header className="set-up-head">
      <span className="soft">{t('set-up.progress', { at, of: steps.length })}</span>
      <ol className="set-up-dots" aria-hidden="true">
        {steps.map((each, index) => (
          <li key={each} className={index < at ? 'is-past' : ''} />
        ))}
      </ol>
    </header>
  );
}

/** Closing the window in the middle is asked about; what is under way is broken off, and leaves nothing behind. */
function Leaving({ step }: { readonly step: Step }): ReactNode {
  const { t } = useSurroundings();
  const [isAsking, setAsking] = useState(false);
  const mayLeave = useRef(false);
  const isInTheMiddle = step !== 'way' && step !== 'done';
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent): void => {
      if (!isInTheMiddle || mayLeave.current) return;
      event.preventDefault();
      setAsking(true);
    };
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [isInTheMiddle]);
  const leave = (): void => {
    void (async () => {
      if (step !== 'recovery') await ask('stop-set-up', {});
      mayLeave.current = true;
      await askShell('close-window', {});
    })();
  };
  const which = step === 'recovery' ? 'recovery' : 'set-up';
  return (
    <Question
      title={t(`set-up.leave-${which}`)}
      isOpen={isAsking}
      onClose={() => setAsking(false)}
      isDanger
      actions={
        <>
          <Action onPress={() => setAsking(false)}>{t('set-up.stay')}</Action>
          <Action kind="danger" onPress={leave}>
            {t('set-up.leave')}
          </Action>
        </>
      }
    >
      <p>{t(`set-up.leave-${which}-detail`)}</p>
    </Question>
  );
}
