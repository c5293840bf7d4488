import { toHex } from '../../base/bytes.ts';
import type { Random } from '../../base/random.ts';

/** A fresh name for something that no user should ever see (model/name.ts, `isTemporaryName`). */
export function temporaryName(random: Random): string {
  return `.cachette-${toHex(random.bytes(16))}`;
}
