/**
 * Names of files and devices are anybody's: what would be invisible or would turn the text around is made visible, and what
 * runs from right to left is set apart from the words around it.
 */

/** C0, DEL, C1; zero-width and format characters; marks that change the direction; separators; tags; lone surrogates. */
const hidden =
  // oxlint-disable-next-line no-misleading-character-class -- each of them alone is what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** First-strong isolate, and its end. */
const isolateStart = '\u2068';
const isolateEnd = '\u2069';

/** The text with nothing hidden in it: a tab as `␉`, U+202E as `[U+202E]`. */
export function showHidden(text: string): string {
  return text.replace(hidden, (symbol) => {
    const code = symbol.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

/** For the middle of a sentence. */
export function setApart(text: string): string {
  const shown = showHidden(text);
  return rightToLeft.test(shown) ? `${isolateStart}${shown}${isolateEnd}` : shown;
}

/** How many characters of a name's end always show: enough for an extension and what tells copies apart. */
const tailLength = 12;

/** A name in two: the end shows always, the beginning as far as there is room. Together they are the whole, visible name. */
export function splitForRoom(name: string): { readonly head: string; readonly tail: string } {
  const symbols = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(showHidden(name))].map(({ segment }) => segment);
  if (symbols.length <= tailLength * 2) return { head: symbols.join(''), tail: '' };
  // In a line from left to right, the two halves of what runs the other way would stand in each other's places.
  if (!rightToLeft.test(firstLetter(symbols)) && isWithinRightToLeft(symbols, symbols.length - tailLength))
    return { head: symbols.join(''), tail: '' };
  // A grapheme can be as long as somebody likes: marks without end upon one letter.
  return { head: symbols.slice(0, -tailLength).join(''), tail: symbols.slice(-tailLength).join('') };
}

/** '' where there is none. */
function firstLetter(symbols: readonly string[]): string {
  return symbols.find((symbol) => /\p{L}/u.test(symbol)) ?? '';
}

/** Whether the letters next to a place, on both sides, run from right to left. */
function isWithinRightToLeft(symbols: readonly string[], at: number): boolean {
  const before = firstLetter(symbols.slice(0, at).toReversed());
  return rightToLeft.test(before) && rightToLeft.test(firstLetter(symbols.slice(at)));
}

/** The last part of a path; '' of the top. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** All but the last part; '' at the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
