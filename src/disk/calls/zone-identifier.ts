/**
 * Windows' note that a file came from outside ("mark of the web"): the stream `Zone.Identifier` beside its content, a few lines of text
 * ([MS-FSCC], "Zone.Identifier Stream Name"; IZoneIdentifier2 tells of further lines).
 */

/** What stands behind a file's path to reach the stream. */
export const zoneStream = ':Zone.Identifier';
/** More than any program writes there; what comes behind is not looked at. */
export const zoneMaxBytes = 4096;

/** The internet, and sites that were restricted: for both, the system warns. */
const outside = [3, 4];

/** What we write: the internet. Nothing of where exactly it came from is known here, nor would it be told. */
export const outsideZone = new TextEncoder().encode('[ZoneTransfer]\r\nZoneId=3\r\n');

/** Whether such a stream says that the file came from outside. In doubt it says nothing. */
export function isOutsideZone(bytes: Uint8Array): boolean {
  let isSection = false;
  for (const line of textOf(bytes.subarray(0, zoneMaxBytes)).split(/[\r\n]+/)) {
    const text = line.trim();
    if (text.startsWith('[')) isSection = text.toLowerCase() === '[zonetransfer]';
    const id = isSection ? /^zoneid\s*=\s*(\d{1,9})$/i.exec(text)?.[1] : undefined;
    // The first one counts (GetPrivateProfileString).
    if (id !== undefined) return outside.includes(Number(id));
  }
  return false;
}

/** Byte order marks are taken at their word; anything else is bytes of which only ASCII matters. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}
