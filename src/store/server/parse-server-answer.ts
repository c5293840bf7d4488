import type { ListPage } from '../store.ts';

import { Failure } from '../../base/failure.ts';
import { isObjectName } from '../object-name.ts';

/** What was asked for: an answer must fit it. */
export interface ListQuestion {
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
}

/**
 * A page of names as our server gives it. Throws E_STORE_BEHAVIOUR for anything but new, sorted names that were asked
 * for: a page that repeats, or promises more without giving any, would go on for ever.
 */
export function parseListPage(bytes: Uint8Array, { prefix, after, limit }: ListQuestion): ListPage {
  const answer = parseObject(bytes);
  const names = answer['names'];
  const more = answer['more'];
  if (!Array.isArray(names) || names.length > limit || typeof more !== 'boolean') throw misbehaved('a listing of another shape');
  let previous = after;
  for (const name of names as readonly unknown[]) {
    if (typeof name !== 'string' || !isObjectName(name) || !name.startsWith(prefix)) throw misbehaved('names that were not asked for');
    if (name <= previous) throw misbehaved('names twice or out of order');
    previous = name;
  }
  if (more && names.length === 0) throw misbehaved('pages without an end');
  return { names: names as readonly string[], more };
}

/** Throws E_STORE_BEHAVIOUR. */
export function parseCursor(bytes: Uint8Array): string {
  const cursor = parseObject(bytes)['cursor'];
  if (typeof cursor !== 'string' || !/^[a-z0-9-]{1,64}$/.test(cursor)) throw misbehaved('a watch without a cursor');
  return cursor;
}

function parseObject(bytes: Uint8Array): { readonly [field: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw misbehaved('an answer that is no JSON');
  }
  if (typeof value !== 'object' || value === null) throw misbehaved('an answer of another shape');
  return value as { readonly [field: string]: unknown };
}

function misbehaved(what: string): Failure {
  return new Failure('E_STORE_BEHAVIOUR', `the server gives ${what}`);
}
