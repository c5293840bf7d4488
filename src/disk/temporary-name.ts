import { toHex } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';

/** A fresh name for something that no user should ever see. */
export function temporaryName(random: Random): string {
  return `.cachette-${toHex(random.bytes(16))}`;
}

/** Such a name is never listed and never acted on, in any folder. */
export function isTemporaryName(name: string): boolean {
  return /^\.cachette-[0-9a-f]{32}$/i.test(name);
}
