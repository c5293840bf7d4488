/** What opens a device's own keys later: the "rest key", and where it is kept. */
import { z } from 'zod';
import { fromHex, toHex } from '../../base/bytes.ts';
import { Failure, unreachable } from '../../base/failure.ts';
import type { Random } from '../../base/random.ts';
import { freshPassphraseParams, passphraseKey } from '../../crypto/passphrase.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { Secret } from '../../crypto/secret.ts';
import type { Keychain } from './keychain.ts';
import type { KeyStorageKind } from './key-storage-kind.ts';
import { readPrivateFile, writePrivateFile } from '../profile/private-file.ts';
import type { ProfileFolder } from '../profile/profile-folder.ts';

const bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

/** How the rest key is found again: stands beside the sealed keys, and is no secret. */
export const restPlaceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file') }),
  z.strictObject({ kind: z.literal('passphrase'), passes: z.int(), memoryKib: z.int(), salt: bytes }),
  z.strictObject({ kind: z.literal('keychain'), backend: z.enum(['libsecret', 'macos']), account: z.string().regex(/^[0-9a-f]{32}$/) }),
]);
export type RestPlace = z.output<typeof restPlaceSchema>;

/** What finding a rest key may need. */
export interface KeyStorageDeps {
  readonly folder: ProfileFolder;
  readonly primitives: Primitives;
  readonly random: Random;
  /** Undefined where this machine has none. */
  readonly keychain: Keychain | undefined;
  /** Throws E_LOCKED where nobody can be asked. */
  readonly askPassphrase: () => Promise<Secret<string>>;
}

export interface KeptKey {
  readonly restKey: Uint8Array;
  readonly place: RestPlace;
}

const keyBytes = 32;

/** A new rest key, kept in the way that was chosen. Throws E_KEYCHAIN_WEAK, E_LOCKED, E_DISK. */
export async function keepRestKey(deps: KeyStorageDeps, kind: KeyStorageKind): Promise<KeptKey> {
  const { folder, primitives, random, keychain } = deps;
  switch (kind) {
    case 'file': {
      const restKey = random.bytes(keyBytes);
      await writePrivateFile(folder.file('key'), restKey);
      return { restKey, place: { kind } };
    }
    case 'passphrase': {
      const { passes, memoryKib, salt } = freshPassphraseParams(random);
      const restKey = await passphraseKey(primitives, (await deps.askPassphrase()).reveal(), { passes, memoryKib, salt });
      return { restKey, place: { kind, passes, memoryKib, salt: new Uint8Array(salt) } };
    }
    case 'keychain':
      if (keychain === undefined) throw new Failure('E_KEYCHAIN_WEAK', 'this system has no keychain that could be used');
      return keepInKeychain(keychain, random);
    default:
      return unreachable(kind);
  }
}

/** Written, and read back: some keychains take everything and keep nothing. Throws E_KEYCHAIN_WEAK. */
export async function keepInKeychain(keychain: Keychain, random: Random): Promise<KeptKey> {
  const restKey = random.bytes(keyBytes);
  const account = toHex(random.bytes(16));
  await keychain.write(account, toHex(restKey));
  const found = await keychain.find(account).catch(() => undefined);
  if (found !== toHex(restKey)) {
    throw new Failure('E_KEYCHAIN_WEAK', "the system's keychain does not give back what it was given");
  }
  return { restKey, place: { kind: 'keychain', backend: keychain.backend, account } };
}

/** The rest key that was kept. Throws E_LOCKED, E_KEYCHAIN_LOCKED, E_KDF_BOUNDS, E_DISK. */
export async function findRestKey(deps: KeyStorageDeps, place: RestPlace): Promise<Uint8Array> {
  switch (place.kind) {
    case 'file': {
      const file = deps.folder.file('key');
      const restKey = await readPrivateFile(file, keyBytes);
      if (restKey?.byteLength === keyBytes) return restKey;
      throw new Failure('E_LOCKED', `${file} is not there or damaged`, {
        subject: file,
        action: 'restore it, or join again with a new profile',
      });
    }
    case 'passphrase':
      return passphraseKey(deps.primitives, (await deps.askPassphrase()).reveal(), place);
    case 'keychain':
      return findInKeychain(deps.keychain, place);
    default:
      return unreachable(place);
  }
}

async function findInKeychain(keychain: Keychain | undefined, place: RestPlace & { readonly kind: 'keychain' }): Promise<Uint8Array> {
  if (keychain?.backend !== place.backend) {
    throw new Failure(
      'E_KEYCHAIN_LOCKED',
      `this device's keys are opened by a key in the keychain '${place.backend}', which is not there now`,
    );
  }
  const restKey = fromHex((await keychain.find(place.account)) ?? '');
  if (restKey?.byteLength === keyBytes) return restKey;
  throw new Failure('E_KEYCHAIN_LOCKED', "the system's keychain is locked, or no longer holds this device's key", {
    action: 'unlock it; if the key is gone, join again with a new profile',
  });
}

/** Forgets a key that was kept for a profile that did not come about. */
export async function forgetRestKey(keychain: Keychain | undefined, place: RestPlace): Promise<void> {
  if (place.kind === 'keychain') await keychain?.remove(place.account);
}
