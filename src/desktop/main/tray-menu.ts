/** The menu of the tray, from what is known; without Electron, so that it can be looked at in tests. */
import type { Activity, Overview } from '../../control/acts/overview-acts.ts';
import type { ToldUpdates } from '../../control/acts/shell-acts.ts';
import { menuName } from './shown-name.ts';
import { trayState } from './tray-state.ts';

/** What a click does; `vault`: with which one. */
export type MenuAct =
  | { readonly do: 'show' | 'show-settings' | 'pause-all' | 'resume-all' | 'update' | 'quit' }
  | {
      readonly do:
        | 'open-folder'
        | 'pause'
        | 'pause-hour'
        | 'resume'
        | 'settings'
        | 'status'
        | 'conflicts'
        | 'history'
        | 'set-up'
        | 'restart-agent';
      readonly vault: number;
    }
  | { readonly do: 'open-item' | 'show-item'; readonly path: string; readonly vault: number };

export type MenuRow =
  | { readonly is: 'line' }
  | { readonly is: 'text'; readonly label: string }
  | { readonly is: 'act'; readonly label: string; readonly act: MenuAct }
  | { readonly is: 'menu'; readonly label: string; readonly rows: readonly MenuRow[] };

type Values = Readonly<Record<string, string | number>>;
/** Says a message in the person's language. */
export type Say = (key: string, values?: Values) => string;

/** What the tray knows of a vault. */
export interface MenuVault {
  readonly number: number;
  readonly name: string;
  readonly overview: Overview | undefined;
  readonly isAgentUp: boolean;
  readonly activity: readonly Activity[];
}

/** What the menu is made of. */
export interface MenuSource {
  /** At least one. */
  readonly vaults: readonly MenuVault[];
  readonly updates: ToldUpdates;
  readonly say: Say;
}

const recentMax = 8;

/** One vault: what can be done with it. More: the same for each, in a menu of its own, and what concerns all. */
export function trayMenu({ vaults, updates, say }: MenuSource): readonly MenuRow[] {
  const [only] = vaults;
  const rows = only === undefined || vaults.length > 1 ? manyRows(vaults, say) : soleRows(only, say);
  return [
    ...rows,
    ...updateRows(updates, say),
    act(say('menu.status'), { do: 'show' }),
    act(say('menu.settings'), { do: 'show-settings' }),
    { is: 'line' },
    act(say('menu.quit'), { do: 'quit' }),
  ];
}

function act(label: string, does: MenuAct): MenuRow {
  return { is: 'act', label, act: does };
}

/** What the state of one vault is called. */
function saidState({ overview, isAgentUp }: MenuVault, say: Say): string {
  const { line } = trayState(overview, isAgentUp);
  return say(line.key, line.values);
}

function soleRows(vault: MenuVault, say: Say): MenuRow[] {
  return [{ is: 'text', label: saidState(vault, say) }, { is: 'line' }, ...vaultRows(vault, say)];
}

function manyRows(vaults: readonly MenuVault[], say: Say): MenuRow[] {
  const menus = vaults.map((vault): MenuRow => {
    const label = say('menu.vault', { vault: menuName(vault.name), state: saidState(vault, say) });
    const settings = act(say('menu.settings'), { do: 'settings', vault: vault.number });
    return {
      is: 'menu',
      label,
      rows: [...vaultRows(vault, say), act(say('menu.status'), { do: 'status', vault: vault.number }), settings],
    };
  });
  const states = vaults.flatMap(({ overview }) => (overview?.is === 'linked' ? [overview.state] : []));
  const rows: MenuRow[] = [...menus, { is: 'line' }];
  if (states.some((state) => state !== 'paused')) rows.push(act(say('menu.pause-all'), { do: 'pause-all' }));
  if (states.includes('paused')) rows.push(act(say('menu.resume-all'), { do: 'resume-all' }));
  return rows;
}

function vaultRows(vault: MenuVault, say: Say): MenuRow[] {
  const { number, overview, isAgentUp } = vault;
  if (!isAgentUp) return [act(say('menu.restart-agent'), { do: 'restart-agent', vault: number })];
  if (overview?.is === 'unlinked') return [act(say('menu.set-up'), { do: 'set-up', vault: number })];
  return overview?.is === 'linked' ? linkedRows(overview, vault, say) : [];
}

/** Where there is a version that only waits for a person, the way to the place where that is said. */
function updateRows(updates: ToldUpdates, say: Say): MenuRow[] {
  if (updates.is !== 'ready' && updates.is !== 'waiting' && updates.is !== 'newer') return [];
  return [act(say('menu.update', { version: updates.version }), { do: 'update' }), { is: 'line' }];
}

function linkedRows(overview: Extract<Overview, { is: 'linked' }>, { activity, number: vault }: MenuVault, say: Say): MenuRow[] {
  const { conflicts, problems, held, state } = overview;
  const rows: MenuRow[] = [act(say('menu.open-folder'), { do: 'open-folder', vault })];
  const recent = activity.filter(({ did, kind }) => did !== 'removed' && kind === 'file').slice(0, recentMax);
  if (recent.length > 0)
    rows.push({ is: 'menu', label: say('menu.recent'), rows: recent.map(({ path }) => recentRow({ vault, path }, say)) });
  const counts = { conflicts, problems, trouble: conflicts + problems, held };
  if (conflicts + problems + held > 0) rows.push(act(say('menu.trouble', counts), { do: 'conflicts', vault }));
  rows.push(act(say('menu.history'), { do: 'history', vault }), { is: 'line' });
  if (state === 'paused') rows.push(act(say('menu.resume'), { do: 'resume', vault }));
  else rows.push(act(say('menu.pause'), { do: 'pause', vault }), act(say('menu.pause-hour'), { do: 'pause-hour', vault }));
  return rows;
}

function recentRow(item: { readonly vault: number; readonly path: string }, say: Say): MenuRow {
  return {
    is: 'menu',
    label: menuName(item.path.slice(item.path.lastIndexOf('/') + 1)),
    rows: [act(say('menu.open'), { do: 'open-item', ...item }), act(say('menu.show'), { do: 'show-item', ...item })],
  };
}
