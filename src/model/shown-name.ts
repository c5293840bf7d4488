/**
 * Names on a disk that can't hold all names. A name that the disk can't hold, or can't hold beside another one, is shown
 * there under a marked name: `a:b.txt` as `a%3Ab~cachette-1f2e3d.txt`. The six digits are made from the true name, so
 * that a marked name is never mistaken, tells two true names apart, and gives its true name back even without an index.
 * Pure: the rules of every platform are tested on any.
 */
import type { DiskTraits } from './disk-traits.ts';
import { nameFromBytes, nameToBytes, type NodeName } from './name.ts';

/** What Windows can't hold anywhere in a name. */
const windowsCharacters = /[\u0000-\u001f<>:"/\\|?*]/;
/** Devices of Windows, with any extension. */
const windowsDevice = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[. ]*(?:\..*)?$/i;

const markPattern = /^(.*)~cachette-([0-9a-f]{6,32})(\.[^.~]*)?$/s;
const markDigits = [6, 12, 32] as const;

/** Whether the disk can hold the name at all. */
export function isHoldable(name: string, { names, nameMaxBytes }: DiskTraits): boolean {
  if (nameToBytes(name).length > nameMaxBytes) return false;
  if (names === 'bytes') return true;
  if (!name.isWellFormed()) return false;
  if (names === 'text') return true;
  return !windowsCharacters.test(name) && !/[. ]$/.test(name) && !windowsDevice.test(name);
}

/** Names with the same key are one name to the disk. */
export function nameKey(name: string, { foldsCase, unicode }: DiskTraits): string {
  // Folding can make a name longer or put it into another form, so that it comes before and after.
  const form = unicode === 'kept' ? name : name.normalize('NFC');
  if (!foldsCase) return form;
  const folded = form.toUpperCase().toLowerCase();
  return unicode === 'kept' ? folded : folded.normalize('NFC');
}

/** Whether two names the disk lists are the same name to whoever wrote them: it may have changed the form by itself. */
export function isSameSpelling(a: string, b: string, { unicode }: DiskTraits): boolean {
  return a === b || (unicode === 'converted' && a.normalize('NFC') === b.normalize('NFC'));
}

/** What a name that was listed is called in the vault: composed, where the disk hides how it was written. */
export function spellingOf(listed: string, { unicode }: DiskTraits): NodeName {
  return (unicode === 'converted' ? listed.normalize('NFC') : listed) as NodeName;
}

/**
 * The first of these that is free: the name itself where the disk can hold it, else marked names. `isTaken` is asked about
 * what another item stands under, as the disk tells names apart.
 */
export function chooseShownName(name: NodeName, traits: DiskTraits, isTaken: (shown: NodeName) => boolean): NodeName {
  if (isHoldable(name, traits) && !isTaken(name)) return name;
  for (const digits of markDigits) {
    const shown = markedName(name, traits, digits);
    if (!isTaken(shown)) return shown;
  }
  return markedName(name, traits, markDigits[2]);
}

/** The name with its mark; cut where it would be too long for the disk (then only `isMarkOf` tells whose it is). */
export function markedName(name: string, { nameMaxBytes }: DiskTraits, digits: number = markDigits[0]): NodeName {
  const dot = /^.+(\.[^. ~]{1,16})$/s.exec(name)?.[1] ?? '';
  const escaped = escapeName(name.slice(0, name.length - dot.length));
  // `nul.anything` is the device all the same.
  const stem = windowsDevice.test(name) ? escaped.replaceAll('.', '%2E') : escaped;
  const tail = `~cachette-${digest(name).slice(-digits)}${escapeName(dot)}`;
  const room = nameMaxBytes - nameToBytes(tail).length;
  let cut = stem;
  while (nameToBytes(cut).length > room) cut = [...cut].slice(0, -1).join('');
  return (cut + tail) as NodeName;
}

/** The true name of a marked one; undefined for any other name, and for one that was cut. */
export function findTrueName(shown: string): NodeName | undefined {
  const match = markPattern.exec(shown);
  if (match === null) return undefined;
  const [, stem = '', digits = '', extension = ''] = match;
  const name = unescapeName(stem + extension);
  // A disk may have brought it into another form by itself.
  return [name, name?.normalize('NFC') as NodeName | undefined].find((each) => each !== undefined && digest(each).endsWith(digits));
}

/** Whether it looks like a marked name. */
export function isMarked(shown: string): boolean {
  return markPattern.test(shown);
}

/** Whether that is how the disk would show the name when it is marked. */
export function isMarkOf(shown: string, name: string, traits: DiskTraits): boolean {
  const digits = markPattern.exec(shown)?.[2]?.length;
  return digits !== undefined && isSameSpelling(shown, markedName(name, traits, digits), traits);
}

/** Bytes that some platform can't hold, and `%` itself, as `%3A`; what is no text, too. */
function escapeName(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f<>:"/\\|?*%\ud800-\udfff]/gu, (symbol) =>
    [...nameToBytes(symbol)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

function unescapeName(text: string): NodeName | undefined {
  if (/%(?![0-9A-F]{2})/.test(text)) return undefined;
  const parts = text
    .split(/%([0-9A-F]{2})/)
    .map((part, at) => (at % 2 === 0 ? nameToBytes(part) : Uint8Array.of(Number.parseInt(part, 16))));
  return nameFromBytes(new Uint8Array(Buffer.concat(parts)));
}

/** 32 hexadecimal digits. No secret and no proof: it only tells names of one folder apart (FNV-1a, 128 bits). */
function digest(name: string): string {
  let hash = 0x6c62272e07bb014262b821756295c58dn;
  for (const byte of nameToBytes(name)) hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * 0x0000000001000000000000000000013bn);
  return hash.toString(16).padStart(32, '0');
}
