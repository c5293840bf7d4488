/** Which vaults leave the app, and which one is meant where nobody said it. Decisions only. */
import type { WindowName } from '../../../control/acts/shell-acts.ts';

/** What is decided by. */
export interface VaultFacts {
  readonly number: number;
  /** It has, or had, a folder since the app began. */
  readonly wasLinked: boolean;
  /** Its agent says that there is no folder. */
  readonly isUnlinked: boolean;
  readonly wantsAttention: boolean;
}

/** Those that somebody parted from, here or by a command line. The last one stays, for another set-up. */
export function leavingVaults(vaults: readonly VaultFacts[]): readonly number[] {
  const gone = vaults.filter(({ wasLinked, isUnlinked }) => wasLinked && isUnlinked);
  const isSomeLeft = vaults.some(({ wasLinked, isUnlinked }) => wasLinked && !isUnlinked);
  return isSomeLeft ? gone.map(({ number }) => number) : [];
}

/** The one without a folder that a wizard is, or will be, for; undefined: one more has to be made. */
export function waitingVault(vaults: readonly VaultFacts[]): number | undefined {
  return vaults.find(({ wasLinked, isUnlinked }) => isUnlinked || !wasLinked)?.number;
}

/** For a window that nobody named a vault for: where something waits there, that; else what a person looked at last. */
export function meantVault(vaults: readonly VaultFacts[], window: WindowName, lookedAt: number | undefined): number | undefined {
  const there = vaults.filter(({ wasLinked }) => wasLinked);
  const troubled = window === 'status' || window === 'conflicts' ? there.find(({ wantsAttention }) => wantsAttention) : undefined;
  return (troubled ?? there.find(({ number }) => number === lookedAt) ?? there[0] ?? vaults[0])?.number;
}
