/** Bringing a version back: to where it was, or to a place that a person names; and what came of it. */
import { useState, type ReactNode } from 'react';
import type { ToldVersion } from '../../src/control/acts/history-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask, askShell } from '../parts/bridge.ts';
import { Entry } from '../parts/entry.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { otherName, placeTrouble } from './restore-place.ts';

/** A version of what stands, or stood, at a path. */
export interface VersionAt {
  readonly path: string;
  readonly version: ToldVersion;
  /** What stands there: this version (to bring it back to its place would do nothing), another one, or nothing any more. */
  readonly now: 'this' | 'another' | 'nothing';
}

export function Restore({ path, version, now }: VersionAt): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  const [isAsked, setAsked] = useState(false);
  const [back, setBack] = useState<string>();
  const restore = (to: string | undefined): void => {
    setBack(undefined);
    run(
      () => ask('restore', { path, version: version.version, ...(to === undefined ? {} : { to }) }),
      (answer) => setBack(answer.path),
    );
  };
  return (
    <div className="stack-tight">
      <div className="row">
        {now === 'this' ? null : (
          <Action kind="main" icon="undo" isBusy={isBusy} onPress={() => restore(undefined)}>
            {t('history.restore')}
          </Action>
        )}
        <Action icon="copy" isDisabled={isBusy} onPress={() => setAsked(true)}>
          {t('history.restore-elsewhere')}
        </Action>
        {now === 'nothing' ? null : <p className="fine-print">{t(now === 'this' ? 'history.is-now' : 'history.restore-promise')}</p>}
      </div>
      <FailureNotice failure={failure} />
      <div role="status">
        {back === undefined ? null : (
          <Notice kind="good">
            <p>{t('history.restored', { path: back })}</p>
            <div>
              <Action icon="folder" onPress={() => void askShell('show-item', { path: back })}>
                {t('words.show-in-folder')}
              </Action>
            </div>
          </Notice>
        )}
      </div>
      {isAsked ? (
        <ElsewhereQuestion
          path={path}
          onClose={() => setAsked(false)}
          onPlace={(to) => {
            setAsked(false);
            restore(to);
          }}
        />
      ) : null}
    </div>
  );
}

function ElsewhereQuestion({
  path,
  onClose,
  onPlace,
}: {
  readonly path: string;
  readonly onClose: () => void;
  readonly onPlace: (to: string) => void;
}): ReactNode {
  const { t } = useSurroundings();
  const [to, setTo] = useState(() => otherName(path, t('history.restored-mark')));
  const trouble = placeTrouble(to);
  const place = (): void => {
    if (trouble === undefined) onPlace(to);
  };
  return (
    <Question
      title={t('history.elsewhere-title')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Action onPress={onClose}>{t('words.cancel')}</Action>
          <Action kind="main" icon="undo" isDisabled={trouble !== undefined} onPress={place}>
            {t('history.restore-there')}
          </Action>
        </>
      }
    >
      <Entry
        label={t('history.elsewhere-label')}
        help={t('history.elsewhere-help')}
        trouble={trouble === undefined || to === '' ? '' : t(`history.bad-place.${trouble}`)}
        value={to}
        onChange={setTo}
        onSubmit={place}
        maxLength={16_384}
        hasFocus
      />
    </Question>
  );
}
