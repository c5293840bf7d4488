import type { Primitives } from '../../../src/crypto/primitives.ts';
import { parseEnrolmentCode } from '../../../src/vault/enrolment/enrolment-code.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The code with another symbol in its secret, the sixth one unless said otherwise, and the checksum that fits. */
export function otherCode(primitives: Primitives, text: string, at = 6): string {
  const symbols = Array.from(text.replaceAll('-', ''));
  symbols[at] = alphabet.charAt((alphabet.indexOf(symbols[at] ?? '') + 1) % alphabet.length);
  const start = symbols.slice(0, -1).join('');
  const fitting = Array.from(alphabet)
    .map((last) => start + last)
    .find((whole) => isCode(primitives, whole));
  if (fitting === undefined) throw new Error('no such code');
  return fitting;
}

function isCode(primitives: Primitives, text: string): boolean {
  try {
    parseEnrolmentCode(primitives, text);
    return true;
  } catch {
    return false;
  }
}
