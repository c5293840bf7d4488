/** What the tray shows of everything: one of five icons, and a line. */
import type { Overview } from '../../control/acts/overview-acts.ts';
import type { vaultStates } from '../../control/acts/shell-acts.ts';
import { whyStuck } from '../../control/acts/why-stuck.ts';

export type TrayIcon = (typeof vaultStates)[number];

/** Key of a message, and what goes into it. */
export interface Line {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export interface TrayState {
  readonly icon: TrayIcon;
  readonly line: Line;
}

/** Of several, what a person should know first. */
const worstFirst: readonly TrayIcon[] = ['attention', 'offline', 'syncing', 'paused', 'synced'];

/** The state of several as one; undefined for none. */
export function worstState<State extends Pick<TrayState, 'icon'>>(states: readonly State[]): State | undefined {
  return worstFirst.map((icon) => states.find((state) => state.icon === icon)).find((state) => state !== undefined);
}

/** What can be said in a few words. */
const stuckKeys: Readonly<Record<string, string>> = {
  E_DISK: 'state.disk',
  E_FOLDER_MISSING: 'state.folder-missing',
  E_STORE_DENIED: 'state.store-denied',
  E_STORE_FULL: 'state.store-full',
};

/** `isAgentUp`: whether it answers. */
export function trayState(overview: Overview | undefined, isAgentUp: boolean): TrayState {
  if (!isAgentUp) return { icon: 'attention', line: line('state.agent-down') };
  if (overview === undefined) return { icon: 'offline', line: line('state.starting') };
  if (overview.is === 'unlinked') return { icon: 'offline', line: line('state.unlinked') };
  if (overview.is === 'locked') return { icon: 'attention', line: line('state.locked') };
  if (overview.is === 'stopped') return { icon: 'attention', line: line('state.stopped') };
  return linkedState(overview);
}

function linkedState(overview: Extract<Overview, { is: 'linked' }>): TrayState {
  const { state, conflicts, problems, progress } = overview;
  const trouble = conflicts + problems;
  const stuck = whyStuck(overview);
  if (stuck !== undefined) return { icon: 'attention', line: line(stuckKeys[stuck.code] ?? 'state.stuck') };
  switch (state) {
    case 'paused':
      return { icon: 'paused', line: line(overview.pausedUntil === null ? 'state.paused' : 'state.paused-for-a-time') };
    case 'refused':
      return { icon: 'attention', line: line('state.refused') };
    case 'held':
      return { icon: 'attention', line: line('state.held', { files: overview.held }) };
    case 'offline':
      return { icon: 'offline', line: line('state.offline') };
    case 'syncing':
    case 'pending':
      if (state === 'pending' && trouble > 0) return { icon: 'attention', line: line('state.trouble', { conflicts, problems }) };
      return { icon: 'syncing', line: progress === null ? line('state.syncing') : line('state.items-left', { items: progress.itemsLeft }) };
    case 'synced':
      return trouble > 0
        ? { icon: 'attention', line: line('state.trouble', { conflicts, problems }) }
        : { icon: 'synced', line: line('state.synced') };
  }
}

function line(key: string, values: Line['values'] = {}): Line {
  return { key, values };
}
