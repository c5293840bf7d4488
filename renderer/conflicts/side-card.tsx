/** One version of a file in conflict: whose it is, from when, how large, and the button that keeps it. */
import type { ReactNode } from 'react';
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';
import { Action } from '../parts/action.tsx';
import { lastName, showHidden } from '../parts/shown-text.ts';
import { useNow, useSurroundings } from '../parts/surroundings.tsx';
import { keepWords, sideTitle, type Side } from './side-words.ts';

export function SideCard({
  conflict,
  side,
  here,
  isBusy,
  onKeep,
}: {
  readonly conflict: ToldConflict;
  readonly side: Side;
  /** This device's name. */
  readonly here: string | undefined;
  readonly isBusy: boolean;
  readonly onKeep: () => void;
}): ReactNode {
  const { t, texts, formats } = useSurroundings();
  const nowMs = useNow();
  const { mtime, size } = conflict[side];
  return (
    <section className={`card side-card side-${side}`} aria-label={sideTitle(texts, conflict, side, here)}>
      <div className="spread">
        <h3>{sideTitle(texts, conflict, side, here)}</h3>
        {isNewer(conflict, side) ? <span className="row-tag">{t('conflicts.newer')}</span> : null}
      </div>
      <dl className="facts">
        <dt>{t('words.changed')}</dt>
        <dd title={mtime === null ? '' : formats.moment(mtime)}>{mtime === null ? t('words.unknown') : formats.ago(mtime, nowMs)}</dd>
        <dt>{t('words.size')}</dt>
        <dd>{size === null ? t('words.unknown') : formats.bytes(size)}</dd>
        <dt>{t('words.name')}</dt>
        <dd>
          <bdi>{showHidden(lastName(side === 'ours' ? conflict.copy : conflict.path))}</bdi>
        </dd>
      </dl>
      <Action onPress={onKeep} isDisabled={isBusy}>
        {keepWords(texts, [conflict], side, here)}
      </Action>
    </section>
  );
}

function isNewer(conflict: ToldConflict, side: Side): boolean {
  const own = conflict[side].mtime;
  const other = conflict[side === 'ours' ? 'theirs' : 'ours'].mtime;
  return own !== null && other !== null && Date.parse(own) > Date.parse(other);
}
