/** What the store said, in words. */
import type { ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { FailedRead } from '../parts/failed-read.tsx';
import { Notice } from '../parts/notice.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { Probe } from './use-probe.ts';

interface ProbeNoticeProps {
  readonly probe: Probe;
  readonly way: 'new' | 'join';
  readonly again: () => void;
  readonly onOtherWay: (way: 'new' | 'join') => void;
}

export function ProbeNotice(props: ProbeNoticeProps): ReactNode {
  return (
    <div className="probe" role="status">
      <Told {...props} />
    </div>
  );
}

function Told({ probe, way, again, onOtherWay }: ProbeNoticeProps): ReactNode {
  const { t } = useSurroundings();
  if (probe.is === 'not-asked') return null;
  if (probe.is === 'asking') return <p className="soft">{t('set-up.probing')}</p>;
  if (probe.is === 'failed') return <FailedRead failure={probe.failure} again={again} />;
  const { has, notes } = probe.answer;
  if (has === 'other-things') return <Notice kind="warning" title={t(`set-up.has-other-things-${way}`)} />;
  const isFit = has === (way === 'new' ? 'nothing' : 'vault');
  if (!isFit) {
    const other = way === 'new' ? 'join' : 'new';
    return (
      <Notice kind="warning" title={t(`set-up.has-${has}`)}>
        <div>
          <Action onPress={() => onOtherWay(other)}>{t(`set-up.switch-to-${other}`)}</Action>
        </div>
      </Notice>
    );
  }
  return (
    <Notice kind="good" title={t(`set-up.fits-${way}`)}>
      {notes.map((note) => (
        <p key={note} className="fine-print">
          {showHidden(note)}
        </p>
      ))}
    </Notice>
  );
}
