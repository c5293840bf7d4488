/**
 * Names of nodes. In the vault a name is a byte string; in memory it is text in which a byte that is not part of
 * valid UTF-8 stands as the lone surrogate U+DC80..U+DCFF (Python's "surrogateescape", PEP 383), so that every
 * Linux name survives and ordinary names are ordinary text.
 */
import { limits } from './limits.ts';

declare const brand: unique symbol;
/** Name of a node in its folder, any bytes. Judge it before it goes near a disk. */
export type NodeName = string & { readonly [brand]: 'NodeName' };

/** The name that these bytes are. Total and reversible: `nameToBytes` gives the same bytes back. */
export function nameFromBytes(bytes: Uint8Array): NodeName {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const plain = buffer.toString('utf8');
  if (!plain.includes('\uFFFD') || Buffer.compare(Buffer.from(plain, 'utf8'), buffer) === 0) return plain as NodeName;
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = validSequenceLength(bytes, at);
    text += length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : buffer.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text as NodeName;
}

/** The bytes of a name. */
export function nameToBytes(name: string): Uint8Array {
  if (!/[\uDC80-\uDCFF]/.test(name)) {
    const bytes = Buffer.from(name, 'utf8');
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const parts: Buffer[] = [];
  for (const symbol of name) {
    const code = symbol.codePointAt(0) ?? 0;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(symbol, 'utf8'));
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Length of the well-formed UTF-8 sequence at `at`, 0 where there is none: what decodes and encodes to itself. */
function validSequenceLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    const sequence = Buffer.from(bytes.subarray(at, at + length));
    if (Buffer.from(sequence.toString('utf8'), 'utf8').equals(sequence)) return length;
  }
  return 0;
}

/** The folder at the top of a synced folder that is Cachette's own: never synced, on any device. */
export const privateFolderName = '.cachette' as NodeName;

/** Whether a name in the top folder would be Cachette's own folder, also on disks that don't tell case or Unicode forms apart. */
export function isPrivateName(name: string): boolean {
  // Asked of every item of the top folder, and mostly of plain names, which have one form only.
  if (/^[\0-\x7f]*$/.test(name)) return name.toLowerCase() === privateFolderName;
  const folded = name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase();
  return folded === privateFolderName;
}

/** Whether it is a name of something that no user should ever see: such an item is never listed and never acted on, in any folder. */
export function isTemporaryName(name: string): boolean {
  return /^\.cachette-[0-9a-f]{32}$/i.test(name);
}

/**
 * Why a name may not be written to any disk; undefined for a name that may. An allow rule: a name is 1 to 255 bytes,
 * is not `.` or `..`, and holds neither `/` nor NUL. What one platform can't hold beyond that is its own matter.
 */
export function findNameFault(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is not a name';
  if (name.includes('/')) return 'holds a slash';
  if (name.includes('\0')) return 'holds a NUL character';
  if (nameToBytes(name).length > limits.nameMaxBytes) return `is longer than ${limits.nameMaxBytes} bytes`;
  return undefined;
}

/** The name that `displayName` shows so; any other text as it is. A name may also be spelled like that itself: ask for that one first. */
export function parseDisplayName(shown: string): NodeName {
  return shown.replace(/\\x([89a-f][0-9a-f])|\\u\{([0-9a-f]{1,6})\}/g, (escape, byte: string | undefined, code: string | undefined) => {
    if (byte !== undefined) return String.fromCharCode(0xdc00 + Number.parseInt(byte, 16));
    const point = Number.parseInt(code ?? '', 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : escape;
  }) as NodeName;
}

/** A name for messages and terminals: control characters and bytes that are no text are escaped. */
export function displayName(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu, (symbol) => {
    const code = symbol.codePointAt(0) ?? 0;
    return code >= 0xdc80 && code <= 0xdcff ? `\\x${(code - 0xdc00).toString(16)}` : `\\u{${code.toString(16)}}`;
  });
}
