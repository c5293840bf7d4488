/** What changed last: open it, or show where it is. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import type { Activity } from '../../src/control/acts/overview-acts.ts';
import { IconAction } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { FileName } from '../parts/file-name.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { lastName } from '../parts/shown-text.ts';
import { useNow, useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';

const shownRows = 30;

const icons: Readonly<Record<Activity['did'], IconName>> = {
  added: 'add',
  changed: 'edit',
  moved: 'moved',
  removed: 'trash',
  conflict: 'conflict',
};

export function Recent(): ReactNode {
  const { t } = useSurroundings();
  const { answer } = useAnswer('activity', { limit: shownRows }, ['activity', 'state']);
  const nowMs = useNow();
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">{t('status.recent')}</h2>
      {answer?.rows.length === 0 ? <p className="soft">{t('status.nothing-yet')}</p> : null}
      <ul>
        {answer?.rows.map((row, at) => (
          <RecentRow key={`${row.path} ${row.at ?? at}`} row={row} nowMs={nowMs} />
        ))}
      </ul>
    </section>
  );
}

function RecentRow({ row, nowMs }: { readonly row: Activity; readonly nowMs: number }): ReactNode {
  const { t, formats } = useSurroundings();
  const isThere = row.did !== 'removed';
  const words = (
    <>
      <span className={`recent-icon did-${row.did}`}>
        <Icon name={icons[row.did]} size={16} />
      </span>
      <span className="recent-words">
        <FileName name={lastName(row.path)} />
        <span className="fine-print recent-line">
          {row.isThisDevice ? t(`status.did-here.${row.did}`) : t(`status.did.${row.did}`, { device: row.device })}
          {row.at === null ? '' : ` · ${formats.agoBriefly(row.at, nowMs)}`}
        </span>
      </span>
    </>
  );
  if (!isThere) return <li className="recent-row recent-gone">{words}</li>;
  return (
    <li className="recent-row">
      <Button className="recent-open" onPress={() => void askShell('open-item', { path: row.path })}>
        {words}
      </Button>
      <IconAction icon="folder" label={t('status.show-in-folder')} onPress={() => void askShell('show-item', { path: row.path })} />
    </li>
  );
}
