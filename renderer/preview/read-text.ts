/** Bytes as text, where they are text. */

/** Bytes that texts have none of; tab, line feed, form feed and carriage return they have, and escape in logs. */
const notInTexts = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/u;

/** undefined: no text in UTF-8, nor in UTF-16 that says so at its beginning. */
export function readText(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return notInTexts.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Its lines without what ends them; a last line that is ended has none after it. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
