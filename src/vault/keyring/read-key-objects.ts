/** Fetches what a store has below `keys/` and sorts it by what can be said of each object alone. */
import { Failure } from '../../base/failure.ts';
import type { KeyListHash, VaultId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { findKeyListNameParts, keyListHash, keyListName, keyListPrefix, type KeyList } from './key-list.ts';
import { keyListLimits } from './key-list-limits.ts';
import { parseKeyList } from './key-list-wire.ts';
import type { KeyStore } from './key-tools.ts';

/** Everything that stands below `keys/`. */
export interface KeyObjects {
  /** Whole lists of this vault, by object name; not verified. */
  readonly lists: ReadonlyMap<string, KeyList>;
  /** Objects with the name of a list whose bytes are not what the name says, or not readable: why, by name. */
  readonly damaged: ReadonlyMap<string, Failure>;
  /** Objects that are whole and harmless, but no lists of this vault: other names, other vaults, copies. */
  readonly foreign: readonly string[];
}

/** Which lists to look for. */
export interface KeyObjectsWanted {
  readonly vaultId: VaultId;
  /** Names that must be asked for even where the store's listing leaves them out. */
  readonly names: readonly string[];
  /** Lists that were read before: an object of a verified name never changes, so it is not fetched again. */
  readonly known: ReadonlyMap<string, KeyList>;
}

/** Reads all of them. A listing is a hint: lists that are wanted by name, and predecessors of those found, are asked for directly. */
export async function readKeyObjects(deps: KeyStore, wanted: KeyObjectsWanted): Promise<KeyObjects> {
  const lists = new Map<string, KeyList>();
  const damaged: DamagedObject[] = [];
  const foreign: string[] = [];
  const seen = new Set<string>();
  let names = [...(await listNames(deps)), ...wanted.names];
  while (names.length > 0) {
    const fresh = [...new Set(names)].filter((name) => !seen.has(name));
    names = [];
    for (const name of fresh) seen.add(name);
    requireFew(seen.size);
    for (const found of await fetchAll(deps, fresh, wanted)) {
      if (found.is === 'list') {
        lists.set(found.name, found.list);
        const { generation, previous } = found.list.body;
        if (previous !== undefined) names.push(keyListName(generation - 1, previous));
      } else if (found.is === 'damaged') damaged.push(found);
      else if (found.is === 'foreign') foreign.push(found.name);
    }
  }
  // A copy of a list under another name harms nothing.
  const hashes = new Set([...lists.values()].map(({ hash }) => hash));
  const isCopy = ({ hash }: DamagedObject): boolean => hash !== undefined && hashes.has(hash);
  foreign.push(...damaged.filter(isCopy).map(({ name }) => name));
  return { lists, damaged: new Map(damaged.filter((object) => !isCopy(object)).map(({ name, failure }) => [name, failure])), foreign };
}

type Found =
  | { readonly is: 'list'; readonly name: string; readonly list: KeyList }
  | DamagedObject
  | { readonly is: 'foreign' | 'absent'; readonly name: string };

interface DamagedObject {
  readonly is: 'damaged';
  readonly name: string;
  readonly failure: Failure;
  /** Of the bytes as they are, where they could be read. */
  readonly hash?: KeyListHash;
}

async function listNames({ store, signal }: KeyStore): Promise<string[]> {
  const names: string[] = [];
  for (let more = true; more;) {
    const page = await store.list(keyListPrefix, { limit: limits.listPageMax, after: names.at(-1), signal });
    names.push(...page.names);
    requireFew(names.length);
    more = page.more && page.names.length > 0;
  }
  return names;
}

function requireFew(count: number): void {
  if (count > keyListLimits.objectsMax)
    throw new Failure('E_LIMIT', `more than ${keyListLimits.objectsMax} objects below ${keyListPrefix}`);
}

async function fetchAll(deps: KeyStore, names: readonly string[], wanted: KeyObjectsWanted): Promise<Found[]> {
  const found: Found[] = [];
  const atOnce = 4;
  for (let at = 0; at < names.length; at += atOnce) {
    found.push(...(await Promise.all(names.slice(at, at + atOnce).map((name) => fetchOne(deps, name, wanted)))));
  }
  return found;
}

async function fetchOne(deps: KeyStore, name: string, wanted: KeyObjectsWanted): Promise<Found> {
  const known = wanted.known.get(name);
  if (known !== undefined) return { is: 'list', name, list: known };
  const parts = findKeyListNameParts(name);
  if (parts === undefined) return { is: 'foreign', name };
  try {
    const bytes = await deps.store.get(name, { maxBytes: limits.keyListMaxBytes, signal: deps.signal });
    if (bytes === undefined) return { is: 'absent', name };
    return sortOut(deps, { name, ...parts, bytes }, wanted.vaultId);
  } catch (failure) {
    const isAboutBytes = failure instanceof Failure && ['E_FORMAT', 'E_LIMIT', 'E_DOWNGRADE', 'E_KDF_BOUNDS'].includes(failure.code);
    if (!isAboutBytes) throw failure;
    return {
      is: 'damaged',
      name,
      failure: new Failure(failure.code, `${name}: ${failure.message}`, { subject: name, action: failure.action, cause: failure }),
    };
  }
}

interface NamedBytes {
  readonly name: string;
  readonly generation: number;
  readonly tag: string;
  readonly bytes: Uint8Array;
}

/**
 * The name holds the start of the object's hash, so the store can't change a list without its name telling. What is whole
 * under such a name but belongs elsewhere was put there, and is no damage.
 */
function sortOut({ primitives }: KeyStore, { name, generation, tag, bytes }: NamedBytes, vaultId: VaultId): Found {
  const isWhole = keyListHash(primitives, bytes).startsWith(tag);
  const list = parseKeyList(primitives, bytes);
  const belongs = list.body.vaultId === vaultId && list.body.generation === generation;
  if (isWhole) return belongs ? { is: 'list', name, list } : { is: 'foreign', name };
  return {
    is: 'damaged',
    name,
    hash: list.hash,
    failure: new Failure('E_TAMPER', `${name} is not the object that was written`, { subject: name }),
  };
}
