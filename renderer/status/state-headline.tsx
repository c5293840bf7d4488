/** Where a linked folder stands, at the top of the window. */
import type { ReactNode } from 'react';
import type { ToldState } from '../../src/control/acts/shared-shapes.ts';
import { whyStuck } from '../../src/control/acts/why-stuck.ts';
import type { IconName } from '../parts/icon.tsx';
import { useNow, useSurroundings, type Surroundings } from '../parts/surroundings.tsx';
import { Headline, type Mood } from './headline.tsx';
import type { Linked } from './linked.ts';

const looks: Readonly<Record<ToldState, { readonly icon: IconName; readonly mood: Mood }>> = {
  synced: { icon: 'check', mood: 'good' },
  pending: { icon: 'clock', mood: 'busy' },
  syncing: { icon: 'sync', mood: 'busy' },
  paused: { icon: 'pause', mood: 'resting' },
  offline: { icon: 'offline', mood: 'resting' },
  refused: { icon: 'shield', mood: 'bad' },
  held: { icon: 'alert', mood: 'attention' },
};

export function StateHeadline({ overview }: { readonly overview: Linked }): ReactNode {
  const surroundings = useSurroundings();
  const nowMs = useNow();
  const wantsDecision = overview.state === 'synced' && overview.conflicts + overview.problems > 0;
  if (whyStuck(overview) !== undefined)
    return <Headline icon="alert" mood="attention" title={surroundings.t('status.stuck')} detail={surroundings.t('status.stuck-detail')} />;
  const look = wantsDecision ? ({ icon: 'alert', mood: 'attention' } as const) : looks[overview.state];
  const title = surroundings.t(wantsDecision ? 'status.synced-but' : `status.state.${overview.state}`);
  return <Headline {...look} title={title} detail={detailOf(overview, surroundings, nowMs)} />;
}

function detailOf(overview: Linked, { t, formats }: Surroundings, nowMs: number): string {
  const { state, progress, pausedUntil, lastSync } = overview;
  switch (state) {
    case 'syncing':
    case 'pending':
      return progress === null ? t('status.looking') : t('status.items-left', { items: progress.itemsLeft });
    case 'paused':
      return pausedUntil === null ? t('status.paused-until-resumed') : t('status.paused-until', { time: formats.hour(pausedUntil) });
    case 'offline':
      return t('status.offline-detail');
    case 'refused':
      return t('status.refused-detail');
    case 'held':
      return t('status.held-detail', { files: overview.held });
    case 'synced':
      return lastSync === null ? '' : t('status.last-sync', { ago: formats.ago(lastSync, nowMs) });
    default:
      return '';
  }
}
