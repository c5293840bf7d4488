/** Which folders of the vault are on this computer. Nothing happens before it was said what would. */
import { useState, type ReactNode } from 'react';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { choose, toRequest, type Choice } from './folder-choice.ts';
import { FolderTreeView } from './folder-tree-view.tsx';
import { useFolderTree } from './use-folder-tree.ts';

type Weight = Answered<'weigh-choice'>;

const nothing: Choice = new Map();

export function SelectiveSyncPage(): ReactNode {
  const { t } = useSurroundings();
  const loaded = useFolderTree();
  const [choice, setChoice] = useState<Choice>(nothing);
  const [weight, setWeight] = useState<Weight>();
  const weighing = useDoing();
  const applying = useDoing();
  const isEmpty = loaded.tree.levels.get('')?.length === 0 && loaded.failure === undefined;
  const review = (): void => weighing.run(() => ask('weigh-choice', toRequest(choice)), setWeight);
  const apply = (): void =>
    applying.run(
      () => ask('choose', toRequest(choice)),
      () => {
        setChoice(nothing);
        setWeight(undefined);
      },
    );
  return (
    <div className="selective">
      <p className="soft">{t('selective.lead')}</p>
      <FailureNotice failure={loaded.failure ?? weighing.failure} />
      {isEmpty ? (
        <EmptyState icon="tree" title={t('selective.empty')}>
          <p>{t('selective.empty-detail')}</p>
        </EmptyState>
      ) : (
        <>
          <FolderTreeView loaded={loaded} choice={choice} onTick={(row, word) => setChoice((before) => choose(row, word, before))} />
          <Foot choice={choice} isWeighing={weighing.isBusy} onDiscard={() => setChoice(nothing)} onReview={review} />
        </>
      )}
      <Question
        title={t('selective.summary')}
        isOpen={weight !== undefined}
        onClose={() => setWeight(undefined)}
        actions={
          <>
            <Action onPress={() => setWeight(undefined)}>{t('words.cancel')}</Action>
            <Action kind="main" onPress={apply} isBusy={applying.isBusy}>
              {t('selective.apply')}
            </Action>
          </>
        }
      >
        {weight === undefined ? null : <Summary weight={weight} />}
        <FailureNotice failure={applying.failure} />
      </Question>
    </div>
  );
}

/** What is chosen and not yet done. */
function Foot({
  choice,
  isWeighing,
  onDiscard,
  onReview,
}: {
  readonly choice: Choice;
  readonly isWeighing: boolean;
  readonly onDiscard: () => void;
  readonly onReview: () => void;
}): ReactNode {
  const { t } = useSurroundings();
  return (
    <div className="selective-foot" role="status">
      <span>{t('selective.pending', { changes: choice.size })}</span>
      <span className="row">
        <Action kind="quiet" isDisabled={choice.size === 0} onPress={onDiscard}>
          {t('selective.discard')}
        </Action>
        <Action kind="main" isDisabled={choice.size === 0} isBusy={isWeighing} onPress={onReview}>
          {t('selective.review')}
        </Action>
      </span>
    </div>
  );
}

function Summary({ weight }: { readonly weight: Weight }): ReactNode {
  const { t, formats } = useSurroundings();
  const { removed, fetched, freeBytes } = weight;
  const isTight = freeBytes !== null && fetched.bytes > freeBytes;
  return (
    <>
      {removed.files === 0 ? null : (
        <Notice kind="info" title={t('selective.removed', { files: removed.files, bytes: formats.bytes(removed.bytes) })}>
          <p>{t('selective.removed-promise')}</p>
        </Notice>
      )}
      {fetched.files === 0 ? null : (
        <Notice
          kind={isTight ? 'warning' : 'info'}
          title={t('selective.fetched', { files: fetched.files, bytes: formats.bytes(fetched.bytes) })}
        >
          {freeBytes === null ? null : (
            <p>{t(isTight ? 'selective.too-little-room' : 'set-up.free', { bytes: formats.bytes(freeBytes) })}</p>
          )}
        </Notice>
      )}
      {removed.files + fetched.files === 0 ? <p>{t('selective.nothing-moves')}</p> : null}
    </>
  );
}
