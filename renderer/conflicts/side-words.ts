/** Whose version a side of conflicts is, in words. */
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';
import type { Texts } from '../parts/texts.ts';

export type Side = 'ours' | 'theirs';

/** As the agent calls what is kept. */
export const keptBy: Readonly<Record<Side, 'local' | 'remote'>> = { ours: 'local', theirs: 'remote' };

/**
 * The one device that all of these come from, or undefined; of a conflict of one device with itself, the devices tell nothing.
 */
function deviceOf(conflicts: readonly ToldConflict[], side: Side): string | undefined {
  const devices = new Set(conflicts.map((each) => each[side].device));
  const [device] = devices;
  return devices.size === 1 && conflicts.every(({ ours, theirs }) => ours.device !== theirs.device) ? device : undefined;
}

/** For a heading. */
export function sideTitle({ t }: Texts, conflict: ToldConflict, side: Side, here: string | undefined): string {
  const { device } = conflict[side];
  return device === here ? t('conflicts.side-here', { device }) : t('conflicts.side', { device });
}

/** For a button. */
export function keepWords({ t }: Texts, conflicts: readonly ToldConflict[], side: Side, here: string | undefined): string {
  const device = deviceOf(conflicts, side);
  if (device === undefined) return t(`conflicts.keep-all.${side}`);
  return device === here ? t('conflicts.keep-here') : t('conflicts.keep', { device });
}
