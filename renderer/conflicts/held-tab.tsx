/** A change so large that it waits for a person: what it would take away, and the two ways to go on. */
import { useState, type ReactNode } from 'react';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { CancelFirst } from '../parts/cancel-first.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { FilePath } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { ListState } from '../parts/list-state.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { RowList } from '../parts/row-list.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { Tick } from '../parts/tick.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { usePages, type Pages } from '../parts/use-pages.ts';

type Loss = Answered<'list-held'>['rows'][number];
type Word = 'confirm' | 'reject';

const pageRows = 500;

export function HeldTab(): ReactNode {
  const { t } = useSurroundings();
  const pages = useHeld();
  const { run, isBusy, failure } = useDoing();
  const [done, setDone] = useState<{ readonly word: Word; readonly files: number }>();
  const decide = (word: Word): void =>
    run(
      () => ask('decide-held', { word }),
      ({ files }) => {
        setDone({ word, files });
        pages.again();
      },
    );
  const files = pages.total ?? pages.rows?.length ?? 0;
  return (
    <div className="tab-frame">
      <div role="status">
        {done === undefined ? null : (
          <Notice kind="good">
            <p>{t(`held.done.${done.word}`, { files: done.files })}</p>
          </Notice>
        )}
      </div>
      <FailureNotice failure={failure} />
      <ListState
        pages={pages}
        empty={
          <EmptyState icon="check" title={t('held.none')}>
            <p>{t('held.none-detail')}</p>
          </EmptyState>
        }
      >
        <div className="held-frame">
          <HeldChoice files={files} isBusy={isBusy} onDecide={decide} />
          <HeldList pages={pages} />
        </div>
      </ListState>
    </div>
  );
}

function useHeld(): Pages<Loss> {
  return usePages<Loss>({
    key: 'list-held',
    ask: (before) => {
      const after = before.at(-1)?.path;
      return ask('list-held', { limit: pageRows, ...(after === undefined ? {} : { after }) });
    },
    events: ['state', 'problems'],
    step: pageRows,
  });
}

function HeldList({ pages }: { readonly pages: Pages<Loss> }): ReactNode {
  const { t } = useSurroundings();
  return (
    <>
      <h2>{t('held.list')}</h2>
      <div className="framed-list held-list">
        <RowList
          label={t('held.list')}
          rows={pages.rows ?? []}
          keyOf={({ path }) => path}
          textOf={({ path, loss }) => `${showHidden(path)}, ${t(`held.loss.${loss}`)}`}
          choosing="none"
          pages={pages}
        >
          {({ path, loss }) => (
            <>
              <Icon name={loss === 'removed' ? 'trash' : 'edit'} size={16} />
              <span className="row-words">
                <FilePath path={path} top={t('words.top-folder')} />
              </span>
              <span className="row-tag">{t(`held.loss.${loss}`)}</span>
            </>
          )}
        </RowList>
      </div>
    </>
  );
}

function HeldChoice({
  files,
  isBusy,
  onDecide,
}: {
  readonly files: number;
  readonly isBusy: boolean;
  readonly onDecide: (word: Word) => void;
}): ReactNode {
  const { t } = useSurroundings();
  const [isAsked, setAsked] = useState(false);
  return (
    <Notice kind="warning" title={t('held.title', { files })}>
      <p>{t('held.detail')}</p>
      <div className="held-ways">
        <div className="held-way">
          <Action kind="main" icon="undo" isDisabled={isBusy} onPress={() => onDecide('reject')}>
            {t('held.reject')}
          </Action>
          <p>{t('held.reject-help')}</p>
        </div>
        <div className="held-way">
          <Action icon="check" isDisabled={isBusy} onPress={() => setAsked(true)}>
            {t('held.confirm')}
          </Action>
          <p>{t('held.confirm-help')}</p>
        </div>
      </div>
      {isAsked ? (
        <SureQuestion
          files={files}
          onClose={() => setAsked(false)}
          onSure={() => {
            setAsked(false);
            onDecide('confirm');
          }}
        />
      ) : null}
    </Notice>
  );
}

/** Let go by a press on its own button alone, once the box is ticked: not by a key that somebody pressed without looking. */
function SureQuestion({
  files,
  onClose,
  onSure,
}: {
  readonly files: number;
  readonly onClose: () => void;
  readonly onSure: () => void;
}): ReactNode {
  const { t } = useSurroundings();
  const [isSure, setSure] = useState(false);
  return (
    <Question
      title={t('held.sure', { files })}
      isOpen
      isDanger
      onClose={onClose}
      actions={
        <>
          <CancelFirst onPress={onClose} />
          <Action kind="danger" isDisabled={!isSure} onPress={onSure}>
            {t('held.confirm')}
          </Action>
        </>
      }
    >
      <p>{t('held.sure-detail')}</p>
      <Tick isChecked={isSure} onChange={setSure}>
        {t('held.sure-tick', { files })}
      </Tick>
    </Question>
  );
}
