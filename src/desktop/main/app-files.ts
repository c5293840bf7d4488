/** Which addresses of app:// are pages and files of ours. */
import path from 'node:path';

export const uiOrigin = 'app://ui';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** A file, and what to say that it is. */
export interface AppFile {
  readonly path: string;
  readonly type: string;
}

/** The file in `dir` that an address stands for; undefined for everything that is none of ours. */
export function fileOf(dir: string, address: string): AppFile | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'app:' || url.host !== 'ui') return undefined;
  // Names are ours: no need for escapes, steps up or hidden files.
  if (!/^(?:\/[\w-][\w.-]*)+$/.test(url.pathname)) return undefined;
  const type = types[path.extname(url.pathname)];
  return type === undefined ? undefined : { path: path.join(dir, ...url.pathname.split('/')), type };
}

/** Whether a frame's address is a page of ours. */
export function isOurPage(address: string | undefined): boolean {
  return address?.startsWith(`${uiOrigin}/`) === true;
}

/** The vault that a page of ours is about, by its address: a page that is loaded anew for another one is never about both. */
export function vaultOfPage(address: string): number | undefined {
  const number = URL.parse(address)?.searchParams.get('vault') ?? '';
  return /^[1-9]\d?$/.test(number) ? Number(number) : undefined;
}
