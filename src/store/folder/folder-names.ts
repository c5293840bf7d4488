import type { ListPage } from '../store.ts';

import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../base/errno.ts';
import { isObjectName } from '../object-name.ts';

/** Names read ahead in one walk, in pages, so that a large folder is not read once for every page. */
const pagesAhead = 16;
const walkBatchSize = 16_000;

interface Ahead {
  readonly prefix: string;
  /** The name that the caller must go on from to get these. */
  readonly after: string;
  readonly names: readonly string[];
  /** There may be names after these. */
  readonly more: boolean;
}

/** Lists the objects in a folder tree, sorted, with memory for some pages however many there are. */
export class FolderNames {
  readonly #top: string;
  #ahead: Ahead | undefined;

  constructor(top: string) {
    this.#top = top;
  }

  /** As Store.list. Names read ahead are given out once, and only to whoever goes on where the last page ended. */
  async page(prefix: string, after: string, limit: number): Promise<ListPage> {
    const kept = this.#ahead;
    this.#ahead = undefined;
    const ahead = kept?.prefix === prefix && kept.after === after ? kept : await this.#readAhead(prefix, after, limit * pagesAhead);
    const names = ahead.names.slice(0, limit);
    const rest = ahead.names.slice(limit);
    const last = names.at(-1);
    if (last !== undefined && rest.length > 0) this.#ahead = { ...ahead, after: last, names: rest };
    return { names, more: rest.length > 0 || ahead.more };
  }

  /** Something changed: what was read ahead is old. */
  forget(): void {
    this.#ahead = undefined;
  }

  /** Every name, in order. */
  all(): AsyncGenerator<string> {
    return walk({ top: this.#top, below: '', prefix: '', after: '', batchSize: walkBatchSize });
  }

  async #readAhead(prefix: string, after: string, count: number): Promise<Ahead> {
    const below = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const names: string[] = [];
    for await (const name of walk({ top: this.#top, below, prefix, after, batchSize: count + 1 })) {
      if (names.length === count) return { prefix, after, names, more: true };
      names.push(name);
    }
    return { prefix, after, names, more: false };
  }
}

interface Walk {
  readonly top: string;
  /** The folder to begin in: empty or ending in '/'. */
  readonly below: string;
  /** Only names that start with it and stand after `after`. */
  readonly prefix: string;
  readonly after: string;
  /** Names held in memory per folder. A larger folder is read again for each batch: its entries come in no order. */
  readonly batchSize: number;
}

/**
 * Names in byte order: a folder's key ends in '/', so that `a-b` comes before `a/b` before `a0`. Links and foreign files
 * are passed over. A folder that is not there, or vanishes meanwhile, is an empty one.
 */
async function* walk(way: Walk): AsyncGenerator<string> {
  let done = '';
  for (;;) {
    const batch = await smallestKeys(way, done);
    for (const key of batch.keys) {
      if (key.endsWith('/')) yield* walk({ ...way, below: key });
      else yield key;
    }
    const last = batch.keys.at(-1);
    if (!batch.isCut || last === undefined) return;
    done = last;
  }
}

interface Batch {
  readonly keys: readonly string[];
  /** There are more keys than these. */
  readonly isCut: boolean;
}

async function smallestKeys(way: Walk, done: string): Promise<Batch> {
  const keys: string[] = [];
  let isCut = false;
  const cut = (): void => {
    keys.sort();
    if (keys.length <= way.batchSize) return;
    keys.length = way.batchSize;
    isCut = true;
  };
  try {
    for await (const { name, isFolder } of entries(way)) {
      const key = isFolder ? `${name}/` : name;
      if (key > done && isWanted(key, way)) keys.push(key);
      if (keys.length >= 2 * way.batchSize) cut();
    }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
  }
  cut();
  return { keys, isCut };
}

async function* entries(way: Walk): AsyncGenerator<{ name: string; isFolder: boolean }> {
  for await (const entry of await opendir(join(way.top, way.below), { bufferSize: 1024 })) {
    const name = way.below + entry.name;
    const isFolder = entry.isDirectory();
    if (isFolder ? isObjectName(`${name}/x`) : entry.isFile() && isObjectName(name)) yield { name, isFolder };
  }
}

function isWanted(key: string, { prefix, after }: Walk): boolean {
  if (!key.endsWith('/')) return key.startsWith(prefix) && key > after;
  return (key.startsWith(prefix) || prefix.startsWith(key)) && (key > after || after.startsWith(key));
}
