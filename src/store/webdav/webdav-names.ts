import type { WebdavEntry } from './parse-multistatus.ts';
import type { ListPage } from '../store.ts';

import { Failure } from '../../base/failure.ts';
import { isObjectName } from '../object-name.ts';
import { fanDigits, isInPlace } from './webdav-paths.ts';

/** What is in a folder, given by its path below the store's own ('' or ending in '/'); nothing where there is none. */
export type ReadFolder = (path: string, signal: AbortSignal | undefined) => Promise<readonly WebdavEntry[]>;

interface OpenWalk {
  readonly prefix: string;
  /** The name that the caller must go on from to get the rest. */
  readonly after: string;
  readonly names: AsyncGenerator<string>;
  /** Of the call that is going on. */
  readonly call: Call;
}

interface Call {
  signal: AbortSignal | undefined;
  /** Folders read since the last name that was found. */
  folders: number;
}

/** So many folders in a row without a single name of ours are taken for endless: a server can make up ever more of them. */
const emptyFoldersMax = 1000;

/**
 * Lists the objects on a WebDAV server, sorted. A folder comes whole or not at all, so what a page left of one is kept for
 * whoever goes on where the page ended.
 */
export class WebdavNames {
  readonly #read: ReadFolder;
  #open: OpenWalk | undefined;

  constructor(read: ReadFolder) {
    this.#read = read;
  }

  /** As Store.list. */
  async page(
    prefix: string,
    { after, limit, signal }: { readonly after: string; readonly limit: number; readonly signal: AbortSignal | undefined },
  ): Promise<ListPage> {
    const walk = this.#take(prefix, after) ?? this.#begin(prefix, after);
    walk.call.signal = signal;
    const names: string[] = [];
    while (names.length < limit) {
      const next = await walk.names.next();
      if (next.done === true) return { names, more: false };
      walk.call.folders = 0;
      names.push(next.value);
    }
    this.#open = { ...walk, after: names.at(-1) ?? after };
    return { names, more: true };
  }

  /** Something changed: what was kept is old. */
  forget(): void {
    this.#open = undefined;
  }

  #take(prefix: string, after: string): OpenWalk | undefined {
    const open = this.#open;
    this.#open = undefined;
    return open?.prefix === prefix && open.after === after ? open : undefined;
  }

  #begin(prefix: string, after: string): OpenWalk {
    const call: Call = { signal: undefined, folders: 0 };
    const read = (path: string): Promise<readonly WebdavEntry[]> => {
      call.folders += 1;
      if (call.folders > emptyFoldersMax) throw endless(path);
      return this.#read(path, call.signal);
    };
    const below = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    return { prefix, after, call, names: walkFolder({ prefix, after, read }, below) };
  }
}

function endless(path: string): Failure {
  return new Failure('E_LIMIT', `the store's folder holds very many folders without an object of a vault (${path})`, {
    action: 'give the vault a folder of its own; if it has one, the server makes them up',
  });
}

interface Walk {
  /** Only names that start with it and stand after `after`. */
  readonly prefix: string;
  readonly after: string;
  readonly read: (path: string) => Promise<readonly WebdavEntry[]>;
}

/**
 * Names in byte order. A key is a name, or a folder's with '/' at its end, or the beginning that all names in a fan share:
 * so `a-b` comes before `a/b` before `a0`, and a fan before everything that begins as its names do.
 */
async function* walkFolder(walk: Walk, folder: string): AsyncGenerator<string> {
  const fans = new Set<string>();
  const keys: string[] = [];
  for (const { name, isFolder } of await walk.read(folder)) {
    const digits = isFolder ? fanDigits(name) : undefined;
    if (digits !== undefined) fans.add(folder + digits);
    const key = digits === undefined ? plainKey(folder, name, isFolder) : folder + digits;
    if (key !== undefined && isWanted(key, walk, key.endsWith('/') || digits !== undefined)) keys.push(key);
  }
  keys.sort();
  for (let at = 0; at < keys.length;) {
    const key = keys[at] ?? '';
    let end = at + 1;
    let group = [key];
    if (fans.has(key)) {
      while (keys[end]?.startsWith(key) === true) end += 1;
      group = [...(await fanNames(walk, folder, key)), ...keys.slice(at + 1, end)].toSorted();
    }
    for (const each of group) {
      if (each.endsWith('/')) yield* walkFolder(walk, each);
      else yield each;
    }
    at = end;
  }
}

function plainKey(folder: string, name: string, isFolder: boolean): string | undefined {
  if (isFolder) return isObjectName(`${folder}${name}/x`) ? `${folder}${name}/` : undefined;
  return isObjectName(folder + name) && isInPlace(name, undefined) ? folder + name : undefined;
}

async function fanNames(walk: Walk, folder: string, key: string): Promise<readonly string[]> {
  const entries = await walk.read(`${key}_/`);
  const digits = key.slice(folder.length);
  return entries
    .filter(({ name, isFolder }) => !isFolder && isObjectName(folder + name) && isInPlace(name, digits))
    .map(({ name }) => folder + name)
    .filter((name) => isWanted(name, walk, false));
}

function isWanted(key: string, { prefix, after }: Walk, isBeginning: boolean): boolean {
  if (!isBeginning) return key.startsWith(prefix) && key > after;
  return (key.startsWith(prefix) || prefix.startsWith(key)) && (key > after || after.startsWith(key));
}
