/** Holding a store against a head that a person brought along: what a new device has in place of a pin (FORMAT.md, section 5). */
import { Failure } from '../base/failure.ts';
import type { SeenVector } from '../model/change.ts';
import { limits } from '../model/limits.ts';
import { openHeader, type EntryLookup } from './entry/open-entry.ts';
import { entryHashOf, splitEntry } from './entry/entry-layout.ts';
import type { KeyChain } from './keyring/key-chain.ts';
import { findKeyListNameParts } from './keyring/key-list.ts';
import type { KeyStore } from './keyring/key-tools.ts';
import type { Keyring } from './keyring/keyring.ts';
import { withRereads } from './keyring/read-key-chain.ts';
import type { VaultHead } from './vault-head.ts';

/** Needs no key, so it comes before anything is written. Throws E_ROLLBACK, E_FORK, E_TAMPER (other bytes under the entry's name). */
export async function requireVaultHead(deps: KeyStore, chain: KeyChain, head: VaultHead): Promise<void> {
  requireList(chain, head);
  if (head.entry !== undefined) await readHeadEntry(deps, head.entry);
}

/** What the head's entry says of its device, for the pin: from now on the store has to show at least that. Throws as above, and as `openHeader`. */
export async function headVector(deps: KeyStore, keyring: Keyring, { entry }: VaultHead): Promise<SeenVector> {
  if (entry === undefined) return new Map();
  const bytes = await readHeadEntry(deps, entry);
  const lookup: EntryLookup = {
    keys: (epoch) => keyring.epochKeys(epoch),
    signerOf: ({ keyList, device }) => keyring.findList(keyList)?.signingKeyOf(device),
  };
  const { header, hash } = openHeader({ ...deps, vaultId: keyring.vaultId }, lookup, entry.name, bytes);
  return new Map([[header.device, { counter: header.counter, hash }]]);
}

function requireList({ chosen, lost }: KeyChain, { keyList }: VaultHead): void {
  const { generation, tag } = findKeyListNameParts(keyList) ?? { generation: 0, tag: '' };
  if ([...chosen, ...lost].some(({ body, hash }) => body.generation === generation && hash.startsWith(tag))) return;
  if (chosen.length >= generation) {
    throw new Failure('E_FORK', 'the store shows another history of the list of devices than --head tells of', { subject: keyList });
  }
  throw new Failure('E_ROLLBACK', `the store's list of devices has generation ${chosen.length}; --head tells of generation ${generation}`, {
    subject: keyList,
  });
}

function readHeadEntry(deps: KeyStore, { name, hash }: NonNullable<VaultHead['entry']>): Promise<Uint8Array> {
  const { store, signal, primitives } = deps;
  return withRereads(deps, async () => {
    const bytes = await store.get(name, { maxBytes: limits.entryMaxBytes, signal });
    if (bytes === undefined)
      throw new Failure('E_ROLLBACK', 'the store shows an older state than --head: an entry is not there', { subject: name });
    if (entryHashOf(primitives, splitEntry(name, bytes).sealedHeader).startsWith(hash)) return bytes;
    throw new Failure('E_TAMPER', 'not the entry that --head tells of', { subject: name });
  });
}
