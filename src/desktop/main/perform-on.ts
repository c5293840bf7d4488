/** What a click in the tray's menu does with one vault. */
import type { MenuAct } from './tray-menu.ts';
import type { Vault } from './vaults/vault.ts';
import type { Showing } from './window-book.ts';

export interface MenuHands {
  /** undefined: it is gone meanwhile. */
  readonly vault: Vault | undefined;
  readonly show: (showing: Showing) => void;
}

export function performOn(act: Extract<MenuAct, { readonly vault: number }>, { vault, show }: MenuHands): void {
  if (vault === undefined) return;
  // What a menu asks for and does not get is shown where there is room for words.
  const tell = (ask: Promise<unknown>): void => {
    ask.catch(() => show({ window: 'status', vault: act.vault }));
  };
  switch (act.do) {
    case 'status':
    case 'settings':
    case 'conflicts':
    case 'history':
    case 'set-up':
      show({ window: act.do, vault: act.vault });
      return;
    case 'pause':
      tell(vault.ask('pause-for', {}));
      return;
    case 'pause-hour':
      tell(vault.ask('pause-for', { minutes: 60 }));
      return;
    case 'resume':
      tell(vault.resume());
      return;
    case 'restart-agent':
      vault.restartAgent();
      return;
    case 'open-folder':
      tell(vault.opener.openFolder());
      return;
    case 'open-item':
      tell(vault.opener.openItem(act.path));
      return;
    case 'show-item':
      tell(vault.opener.showItem(act.path));
  }
}
