import os from 'node:os';
import { Failure } from '../../base/failure.ts';
import { keyListLimits } from '../../vault/keyring/key-list-limits.ts';

/** What would not show, or would show as something else: control characters, and those that turn the direction of writing. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What a person called this device, or the computer's name where nothing was said. Throws E_USAGE where it is no name. */
export function parseDeviceName(said: string | undefined): string {
  const name = said ?? (os.hostname() || 'device');
  if (name.trim() !== '' && !unprintable.test(name) && Buffer.byteLength(name, 'utf8') <= keyListLimits.nameMaxBytes) return name;
  throw new Failure('E_USAGE', `the name of a device has 1 to ${keyListLimits.nameMaxBytes} bytes that can be shown in a line`, {
    action: 'choose another name',
  });
}
