/** The vault is made, or joined. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';
import { ask, listen } from '../parts/bridge.ts';
import { HowFar } from '../parts/how-far.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { Draft } from './draft.ts';
import { JoinCode } from './join-code.tsx';
import { StepFrame } from './step-frame.tsx';
import { storePlaceOf } from './store-place.ts';

/** What came of it: a new vault has a recovery key, which is told this one time. */
interface Made {
  readonly recoveryKey: string | undefined;
}

export function WorkStep({
  draft,
  onBack,
  onMade,
}: {
  readonly draft: Draft;
  readonly onBack: () => void;
  readonly onMade: (made: Made) => void;
}): ReactNode {
  const { t } = useSurroundings();
  const { failure, code, begin } = useLinking(draft, onMade);
  const goBack = (): void => {
    void (async () => {
      if (failure === undefined) await ask('stop-set-up', {});
      onBack();
    })();
  };
  const waits = draft.way === 'join' && draft.joinBy === 'code';
  return (
    <StepFrame
      // What came of it is read from its top, too.
      key={failure === undefined ? 'working' : 'failed'}
      title={t(failure === undefined ? (waits ? 'set-up.waiting-for-device' : `set-up.working-${draft.way}`) : 'set-up.did-not-work')}
      onBack={goBack}
      isBackCancel={failure === undefined}
      onNext={failure === undefined || isOfWhatWasTyped(failure) ? undefined : begin}
      nextLabel={t('words.try-again')}
    >
      {failure === undefined ? (
        waits ? (
          <JoinCode code={code} />
        ) : (
          <>
            <HowFar label={t(`set-up.working-${draft.way}`)} fraction={undefined} />
            <p className="soft">{t('set-up.working-detail')}</p>
          </>
        )
      ) : (
        <FailureNotice failure={failure}>
          <p>{t('set-up.nothing-left-behind')}</p>
        </FailureNotice>
      )}
    </StepFrame>
  );
}

interface Linking {
  readonly failure: ToldFailure | undefined;
  /** For the other computer. */
  readonly code: string | undefined;
  /** Once more. */
  readonly begin: () => void;
}

function useLinking(draft: Draft, onMade: (made: Made) => void): Linking {
  const [failure, setFailure] = useState<ToldFailure>();
  const [code, setCode] = useState<string>();
  const isStarted = useRef(false);
  const begin = (): void => {
    setFailure(undefined);
    setCode(undefined);
    void (async () => {
      const outcome = await link(draft);
      if (outcome === undefined) return;
      if (outcome.ok) onMade(outcome.answer);
      else setFailure(outcome.failure);
    })();
  };
  useEffect(() => {
    const stop = listen((event) => {
      if (event.event === 'join-code' && event.code !== undefined) setCode(event.code);
    });
    // Once, whatever this page is shown again for.
    if (!isStarted.current) {
      isStarted.current = true;
      begin();
    }
    return stop;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- begun once, with what was said then
  }, []);
  return { failure, code, begin };
}

/** The same once more would fail once more. */
function isOfWhatWasTyped({ code }: ToldFailure): boolean {
  return code === 'E_LOCKED' || code === 'E_WEAK_PASSPHRASE' || code === 'E_EPOCH';
}

async function link(draft: Draft): Promise<Outcome<Made> | undefined> {
  const store = storePlaceOf(draft.storeKind, draft.store);
  if (store === undefined || draft.folder === undefined) return undefined;
  const shared = {
    store,
    folder: draft.folder.id,
    ...(draft.asksAtStart ? { keyStorage: 'passphrase' as const } : {}),
  };
  if (draft.way === 'new') {
    const outcome = await ask('init', { ...shared, ...(draft.lock === 'passphrase' ? { passphrase: draft.passphrase } : {}) });
    return outcome.ok ? { ok: true, answer: { recoveryKey: outcome.answer.recoveryKey } } : outcome;
  }
  const outcome =
    draft.joinBy === 'code'
      ? await ask('join-by-code', shared)
      : await ask('join', {
          ...shared,
          ...(draft.joinBy === 'passphrase' ? { passphrase: draft.passphrase } : { recoveryKey: draft.recoveryKey.trim() }),
        });
  return outcome.ok ? { ok: true, answer: { recoveryKey: undefined } } : outcome;
}
