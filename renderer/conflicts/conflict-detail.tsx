/** One conflict: both versions, what differs, what both began with, and the decision. */
import { useEffect, useRef, type ReactNode } from 'react';
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';
import { Action, IconAction } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { FileName } from '../parts/file-name.tsx';
import { folderOf, lastName } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { ConflictPreview } from './conflict-preview.tsx';
import { SideCard } from './side-card.tsx';
import { keptBy } from './side-words.ts';
import type { Keep } from './use-decisions.ts';

export function ConflictDetail({
  conflict,
  here,
  isBusy,
  takesFocus,
  onDecide,
}: {
  readonly conflict: ToldConflict;
  readonly here: string | undefined;
  readonly isBusy: boolean;
  /** It came after a decision: what was pressed is gone, and reading goes on here. */
  readonly takesFocus: boolean;
  readonly onDecide: (keep: Keep) => void;
}): ReactNode {
  const { t } = useSurroundings();
  const folder = folderOf(conflict.path);
  return (
    <>
      <header className="spread detail-head">
        <div className="detail-name">
          <DetailName key={conflict.id} name={lastName(conflict.path)} takesFocus={takesFocus} />
          <p className="fine-print">{folder === '' ? t('words.top-folder') : <FileName name={folder} />}</p>
        </div>
        <span className="row">
          <IconAction icon="open" label={t('words.open')} onPress={() => void askShell('open-item', { path: conflict.path })} />
          <IconAction icon="folder" label={t('words.show-in-folder')} onPress={() => void askShell('show-item', { path: conflict.path })} />
          <IconAction
            icon="history"
            label={t('words.show-history')}
            onPress={() => void askShell('open-window', { window: 'history', path: conflict.path })}
          />
        </span>
      </header>
      <div className="side-cards">
        {(['ours', 'theirs'] as const).map((side) => (
          <SideCard key={side} conflict={conflict} side={side} here={here} isBusy={isBusy} onKeep={() => onDecide(keptBy[side])} />
        ))}
      </div>
      <div className="row both-row">
        <Action icon="copy" onPress={() => onDecide('both')} isDisabled={isBusy}>
          {t('conflicts.keep-both')}
        </Action>
        <p className="fine-print both-words">{t('conflicts.promise')}</p>
      </div>
      {conflict.kind === 'file' ? <ConflictPreview key={conflict.id} conflict={conflict} here={here} /> : null}
    </>
  );
}

function DetailName({ name, takesFocus }: { readonly name: string; readonly takesFocus: boolean }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  return (
    <h2 ref={heading} tabIndex={-1}>
      <FileName name={name} />
    </h2>
  );
}
