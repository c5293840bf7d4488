/** Several conflicts that are chosen: one decision for all of them, asked for once more before it is made. */
import { useState, type ReactNode } from 'react';
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';
import { Action } from '../parts/action.tsx';
import { CancelFirst } from '../parts/cancel-first.tsx';
import { FileName } from '../parts/file-name.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Question } from '../parts/question.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { ConflictGroup } from './conflict-groups.ts';
import { keepWords } from './side-words.ts';
import type { Keep } from './use-decisions.ts';

export function ChosenMany({
  conflicts,
  group,
  here,
  isBusy,
  onDecide,
}: {
  readonly conflicts: readonly ToldConflict[];
  /** Where they are all of one folder, and all that are in it. */
  readonly group: ConflictGroup | undefined;
  readonly here: string | undefined;
  readonly isBusy: boolean;
  readonly onDecide: (keep: Keep) => void;
}): ReactNode {
  const { t, texts } = useSurroundings();
  const [asked, setAsked] = useState<Keep>();
  const ways: readonly { readonly keep: Keep; readonly label: string; readonly icon: IconName }[] = [
    { keep: 'local', label: keepWords(texts, conflicts, 'ours', here), icon: 'check' },
    { keep: 'remote', label: keepWords(texts, conflicts, 'theirs', here), icon: 'check' },
    { keep: 'both', label: t('conflicts.keep-both'), icon: 'copy' },
  ];
  const label = ways.find(({ keep }) => keep === asked)?.label ?? '';
  return (
    <div className="chosen-many">
      <span className="empty-icon">
        <Icon name={group === undefined ? 'conflict' : 'folder'} size={28} />
      </span>
      <h2>{t('conflicts.chosen', { files: conflicts.length })}</h2>
      {group === undefined ? null : (
        <p className="soft chosen-folder">{group.folder === '' ? t('words.top-folder') : <FileName name={group.folder} />}</p>
      )}
      <div className="chosen-ways">
        {ways.map(({ keep, label: words, icon }) => (
          <Action
            key={keep}
            icon={icon}
            isBusy={isBusy && asked === keep}
            isDisabled={isBusy && asked !== keep}
            onPress={() => setAsked(keep)}
          >
            {words}
          </Action>
        ))}
      </div>
      <p className="fine-print">{t('conflicts.promise')}</p>
      <SureQuestion
        files={conflicts.length}
        keep={isBusy ? undefined : asked}
        label={label}
        onClose={() => setAsked(undefined)}
        onSure={(keep) => {
          onDecide(keep);
          setAsked(undefined);
        }}
      />
    </div>
  );
}

function SureQuestion({
  files,
  keep,
  label,
  onClose,
  onSure,
}: {
  readonly files: number;
  /** undefined: nothing is asked. */
  readonly keep: Keep | undefined;
  readonly label: string;
  readonly onClose: () => void;
  readonly onSure: (keep: Keep) => void;
}): ReactNode {
  const { t } = useSurroundings();
  return (
    <Question
      title={t('conflicts.sure', { files })}
      isOpen={keep !== undefined}
      onClose={onClose}
      actions={
        <>
          <CancelFirst onPress={onClose} />
          <Action kind="main" onPress={() => (keep === undefined ? undefined : onSure(keep))}>
            {label}
          </Action>
        </>
      }
    >
      <p>{keep === 'both' ? t('conflicts.sure-both', { files }) : t('conflicts.sure-one', { files, way: label })}</p>
      <p className="soft">{t('conflicts.promise')}</p>
    </Question>
  );
}
