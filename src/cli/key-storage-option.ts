import { Option } from 'commander';
import { keyStorageKinds, type KeyStorageKind } from '../agent/keys/key-storage-kind.ts';
import { Failure } from '../base/failure.ts';

/** `--key-storage` of `init` and `join`. */
export function keyStorageOption(): Option {
  return new Option(
    '--key-storage <kind>',
    "what opens this device's own keys later: keychain (default where there is one), passphrase (asked at every start), file (or CACHETTE_KEY_STORAGE)",
  );
}

/** What was chosen; undefined where nothing was. Throws E_USAGE for anything else. */
export function parseKeyStorage(option: string | undefined, env: NodeJS.ProcessEnv): KeyStorageKind | undefined {
  const text = option ?? env['CACHETTE_KEY_STORAGE'] ?? '';
  if (text === '') return undefined;
  const kind = keyStorageKinds.find((known) => known === text);
  if (kind === undefined)
    throw new Failure('E_USAGE', `'${text}' is no way to keep keys`, { action: `one of: ${keyStorageKinds.join(', ')}` });
  return kind;
}
