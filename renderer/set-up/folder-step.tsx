/** Which folder is synced, and what will become of what is in it. */
import { useEffect, type ReactNode } from 'react';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { FileName } from '../parts/file-name.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { useDoing } from '../parts/use-doing.ts';
import type { Draft } from './draft.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';

export function FolderStep({ draft, change, onBack, onNext }: StepProps): ReactNode {
  const { t } = useSurroundings();
  const usual = useDoing();
  const picking = useDoing();
  const { folder } = draft;
  const { run: findUsual } = usual;
  useEffect(() => {
    if (folder === undefined)
      findUsual(
        () => askShell('usual-folder', {}),
        ({ picked }) => change({ folder: picked }),
      );
    // Once, when the page is shown.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const pick = (): void =>
    picking.run(
      () => askShell('pick-folder', { for: 'sync' }),
      ({ picked }) => {
        if (picked !== null) change({ folder: picked });
      },
    );
  return (
    <PickedFolder {...(folder === undefined ? {} : { id: folder.id })}>
      {(look, failure) => (
        <StepFrame
          title={t('set-up.folder')}
          lead={t('set-up.folder-lead')}
          onBack={onBack}
          onNext={onNext}
          isNextDisabled={look === undefined}
        >
          <div className="picked">
            {folder === undefined ? <span className="soft">{t('set-up.nothing-picked')}</span> : <FileName name={folder.path} />}
            <Action icon="folder" onPress={pick} isBusy={picking.isBusy}>
              {t('words.choose-other')}
            </Action>
          </div>
          <div role="status">
            {look === undefined ? null : <Preview look={look} way={draft.way} />}
            <FailureNotice failure={failure ?? usual.failure ?? picking.failure} />
          </div>
        </StepFrame>
      )}
    </PickedFolder>
  );
}

type Look = Answered<'look-at-folder'>;

function PickedFolder({
  id,
  children,
}: {
  readonly id?: string;
  readonly children: (look: Look | undefined, failure: ReturnType<typeof useAnswer>['failure']) => ReactNode;
}): ReactNode {
  return id === undefined ? children(undefined, undefined) : <LookedAt id={id}>{children}</LookedAt>;
}

function LookedAt({
  id,
  children,
}: {
  readonly id: string;
  readonly children: (look: Look | undefined, failure: ReturnType<typeof useAnswer>['failure']) => ReactNode;
}): ReactNode {
  const { answer, failure } = useAnswer('look-at-folder', { folder: id }, []);
  return children(failure === undefined ? answer : undefined, failure);
}

function Preview({ look, way }: { readonly look: Look; readonly way: Draft['way'] }): ReactNode {
  const { t, formats } = useSurroundings();
  const { files, bytes, isMore, freeBytes } = look;
  const what = files === 0 ? 'empty' : isMore ? 'many' : 'some';
  return (
    <Notice kind={files === 0 ? 'good' : 'info'} title={t(`set-up.preview-${what}-${way}`, { files, bytes: formats.bytes(bytes) })}>
      {files === 0 || way === 'new' ? null : <p>{t('set-up.preview-join-promise')}</p>}
      {freeBytes === null ? null : <p className="fine-print">{t('set-up.free', { bytes: formats.bytes(freeBytes) })}</p>}
    </Notice>
  );
}
