/** The menu of the tray, from what is known; without Electron, so that it can be looked at in tests. */
import type { Activity, Overview } from '../../control/acts/overview-acts.ts';
import type { ToldUpdates } from '../../control/acts/shell-acts.ts';
import { menuName } from './shown-name.ts';
import { trayState } from './tray-state.ts';

/** What a click does. */
export type MenuAct =
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
        | 'restart-agent'
        | 'update'
        | 'quit';
    }
  | { readonly do: 'open-item' | 'show-item'; readonly path: string };

export type MenuRow =
  | { readonly is: 'line' }
  | { readonly is: 'text'; readonly label: string }
  | { readonly is: 'act'; readonly label: string; readonly act: MenuAct }
  | { readonly is: 'menu'; readonly label: string; readonly rows: readonly MenuRow[] };

/** Says a message in the person's language. */
export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** What the menu is made of. */
export interface MenuSource {
  readonly overview: Overview | undefined;
  readonly isAgentUp: boolean;
  readonly activity: readonly Activity[];
  readonly updates: ToldUpdates;
  readonly say: Say;
}

const recentMax = 8;

export function trayMenu(source: MenuSource): readonly MenuRow[] {
  const { overview, isAgentUp, say } = source;
  const { line } = trayState(overview, isAgentUp);
  const act = (key: string, does: MenuAct, values: Readonly<Record<string, string | number>> = {}): MenuRow => ({
    is: 'act',
    label: say(key, values),
    act: does,
  });
  const rows: MenuRow[] = [{ is: 'text', label: say(line.key, line.values) }, { is: 'line' }];
  if (!isAgentUp) rows.push(act('menu.restart-agent', { do: 'restart-agent' }));
  else if (overview?.is === 'unlinked') rows.push(act('menu.set-up', { do: 'set-up' }));
  else if (overview?.is === 'linked') rows.push(...linkedRows(overview, source, act));
  rows.push(...updateRows(source.updates, act));
  rows.push(
    act('menu.status', { do: 'status' }),
    act('menu.settings', { do: 'settings' }),
    { is: 'line' },
    act('menu.quit', { do: 'quit' }),
  );
  return rows;
}

type MakeAct = (key: string, does: MenuAct, values?: Readonly<Record<string, string | number>>) => MenuRow;

/** Where there is a version that only waits for a person, the way to the place where that is said. */
function updateRows(updates: ToldUpdates, act: MakeAct): MenuRow[] {
  if (updates.is !== 'ready' && updates.is !== 'waiting' && updates.is !== 'newer') return [];
  return [act('menu.update', { do: 'update' }, { version: updates.version }), { is: 'line' }];
}

function linkedRows(overview: Extract<Overview, { is: 'linked' }>, { activity, say }: MenuSource, act: MakeAct): MenuRow[] {
  const { conflicts, problems, held, state } = overview;
  const rows: MenuRow[] = [act('menu.open-folder', { do: 'open-folder' })];
  const recent = activity.filter(({ did, kind }) => did !== 'removed' && kind === 'file').slice(0, recentMax);
  if (recent.length > 0) rows.push({ is: 'menu', label: say('menu.recent'), rows: recent.map(({ path }) => recentRow(path, say)) });
  if (conflicts + problems + held > 0)
    rows.push(act('menu.trouble', { do: 'conflicts' }, { conflicts, problems, trouble: conflicts + problems, held }));
  rows.push(act('menu.history', { do: 'history' }), { is: 'line' });
  if (state === 'paused') rows.push(act('menu.resume', { do: 'resume' }));
  else rows.push(act('menu.pause', { do: 'pause' }), act('menu.pause-hour', { do: 'pause-hour' }));
  return rows;
}

function recentRow(path: string, say: Say): MenuRow {
  return {
    is: 'menu',
    label: menuName(path.slice(path.lastIndexOf('/') + 1)),
    rows: [
      { is: 'act', label: say('menu.open'), act: { do: 'open-item', path } },
      { is: 'act', label: say('menu.show'), act: { do: 'show-item', path } },
    ],
  };
}
