/** What a link of our own may do: show a window. Never more: anybody can put one on a page. */
import { settingsPages, windowNames, type SettingsPage, type WindowName } from '../../control/acts/shell-acts.ts';

/** The scheme of links that open windows. */
export const linkScheme = 'cachette';

/** Which window, and which page of it. */
export interface WindowTarget {
  readonly window: WindowName;
  readonly page?: SettingsPage | undefined;
}

/** `cachette://settings/devices` and such; undefined for anything else, whatever it carries. */
export function readDeepLink(text: string): WindowTarget | undefined {
  const [, name, page] = /^cachette:\/\/([a-z-]{1,32})(?:\/([a-z-]{1,32}))?\/?$/.exec(text) ?? [];
  const window = windowNames.find((known) => known === name);
  // A wizard that opens by itself asks for secrets.
  if (window === undefined || window === 'set-up') return undefined;
  if (page === undefined) return { window };
  const known = settingsPages.find((each) => each === page);
  return window === 'settings' && known !== undefined ? { window, page: known } : undefined;
}

/** The link among the arguments of a program; undefined where there is none that counts. */
export function findDeepLink(args: readonly string[]): WindowTarget | undefined {
  const link = args.find((arg) => arg.startsWith(`${linkScheme}:`));
  return link === undefined ? undefined : readDeepLink(link);
}
