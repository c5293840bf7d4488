/** How names and open folders become paths that node:fs takes. */
import { Failure } from '../../base/failure.ts';
import { displayName, nameToBytes } from '../../model/name.ts';

/** Path for node:fs: text, or bytes where a name is no text. */
export type SystemPath = string | Buffer;

/** The path of a name in the folder at `base`. Throws E_UNSAFE_NAME where this platform would take it for something else. */
export function systemPath(base: SystemPath, name: string, separator: string): SystemPath {
  if (process.platform === 'win32') refuseWindowsName(name);
  if (typeof base === 'string' && !/[\uD800-\uDFFF]/.test(name)) return base + separator + name;
  if (process.platform === 'win32' || process.platform === 'darwin') {
    if (name.isWellFormed() && typeof base === 'string') return base + separator + name;
    throw new Failure('E_UNSAFE_NAME', `${displayName(name)}: this system holds only names that are text`);
  }
  return Buffer.concat([Buffer.from(base), Buffer.from(separator), nameToBytes(name)]);
}

/**
 * Names that Windows would read as a path, a stream or a device, or would change silently. The planner marks such names
 * before they come here; this is the last line.
 */
function refuseWindowsName(name: string): void {
  const bad =
    /[\u0000-\u001f<>:"/\\|?*]/.test(name) ||
    /[. ]$/.test(name) ||
    /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i.test(name.trimEnd());
  if (bad && name !== '.') throw new Failure('E_UNSAFE_NAME', `${displayName(name)}: Windows cannot hold this name`);
}

/**
 * Seconds that libuv turns into exactly this whole microsecond (for 1834 to 2105; farther away a double is too coarse, and
 * file systems clamp: ext4 at 1901 and 2446),
 * as text because Node takes negative numbers for "now". A double of our times is off by up to 0.12 µs and libuv cuts
 * off, so that half a microsecond more lands inside the right one; whole seconds are exact without.
 */
export function toSystemTime(mtimeUs: number): string {
  return String((mtimeUs % 1_000_000 === 0 ? mtimeUs : mtimeUs + 0.5) / 1_000_000);
}
