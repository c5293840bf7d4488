/** What the tray says when it is pointed at. */
import { plainName } from './shown-name.ts';
import type { MenuVault, Say } from './tray-menu.ts';
import { trayState, worstState, type TrayIcon } from './tray-state.ts';

/** The icon, and the words: of several vaults the worst one and its name, or the words that hold for all. */
export function trayTip(vaults: readonly MenuVault[], say: Say): { readonly icon: TrayIcon; readonly words: string } {
  const states = vaults.map(({ name, overview, isAgentUp }) => {
    const { icon, line } = trayState(overview, isAgentUp);
    return { icon, name, said: say(line.key, line.values) };
  });
  const worst = worstState(states);
  if (worst === undefined) return { icon: 'offline', words: 'Cachette' };
  const areAllAlike = states.every(({ said }) => said === worst.said);
  const words = areAllAlike ? worst.said : say('menu.vault', { vault: plainName(worst.name), state: worst.said });
  return { icon: worst.icon, words: `Cachette: ${words}` };
}
