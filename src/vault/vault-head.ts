/** The newest of a vault, as it stands on paper: a store that shows less to a new device is refused. */
import { Failure } from '../base/failure.ts';
import { entryName, findEntryNameParts, type EntryName } from '../model/ids.ts';
import { findKeyListNameParts } from './keyring/key-list.ts';

/** Both names hold a hash or chance: nobody makes up an older state that fits. */
export interface VaultHead {
  /** Object name of the newest list of devices. */
  readonly keyList: string;
  /** Object name of the newest entry, and its hash; undefined in a vault that nothing was written to. */
  readonly entry: { readonly name: EntryName; readonly hash: string } | undefined;
}

/** How many hex digits of the entry's hash stand on paper. */
export const headHashDigits = 20;

/** `3-0123456789abcdef.42-0123456789abcdef-<20 hex>`: list of devices, then entry. */
export function vaultHeadText({ keyList, entry }: VaultHead): string {
  const list = findKeyListNameParts(keyList);
  const parts = entry && findEntryNameParts(entry.name);
  if (list === undefined || (entry !== undefined && parts === undefined)) throw new Failure('E_FAILED', 'not the name of an object');
  const first = `${list.generation}-${list.tag}`;
  return entry === undefined || parts === undefined
    ? first
    : `${first}.${parts.lamport}-${parts.tag}-${entry.hash.slice(0, headHashDigits)}`;
}

/** What `vaultHeadText` gives. Throws E_USAGE for anything else. */
export function parseVaultHead(text: string): VaultHead {
  const form = /^([1-9][0-9]{0,5})-([0-9a-f]{16})(?:\.([1-9][0-9]{0,11})-([0-9a-f]{16})-([0-9a-f]{20}))?$/;
  const [, generation, tag, lamport, entryTag, hash] = form.exec(text.trim().toLowerCase()) ?? [];
  if (generation === undefined || tag === undefined) {
    throw new Failure('E_USAGE', '--head is not the HEAD of a recovery sheet', { action: 'compare it with the paper, sign by sign' });
  }
  const keyList = `keys/${generation.padStart(6, '0')}-${tag}`;
  if (lamport === undefined || entryTag === undefined || hash === undefined) return { keyList, entry: undefined };
  return { keyList, entry: { name: entryName(Number(lamport), entryTag), hash } };
}
