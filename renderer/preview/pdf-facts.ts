/**
 * What can be said of a PDF without drawing it. A guess from its objects, not a reader: it follows no references, and what is
 * not found is not said. Bounded whatever the file holds.
 */

export interface PdfFacts {
  /** undefined where nothing in it says so. */
  readonly pages: number | undefined;
  /** Whether a password keeps its content. */
  readonly isProtected: boolean;
}

const headerWithinBytes = 1024;
/** Dictionaries of pages list their children: a few hundred bytes, or some ten thousand for a book. */
const dictionaryMaxBytes = 256 * 1024;
const streamsMax = 500;
const inflatedMaxBytes = 8 * 1024 * 1024;
const pagesMax = 1_000_000;

/** By its first bytes: ISO 32000-1, Annex H.3.4.1 lets something stand before them. */
export function isPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, headerWithinBytes)).includes('%PDF-');
}

export async function readPdfFacts(bytes: Uint8Array<ArrayBuffer>): Promise<PdfFacts> {
  const text = latin1(bytes);
  const told = `${text}\n${await readObjectStreams(bytes, text)}`;
  return { pages: pagesIn(told), isProtected: /\/Encrypt\s+\d+\s+\d+\s+R/.test(told) };
}

/** The node that has no parent counts all pages below it; of several, saved one after the other, the last one holds. */
function pagesIn(text: string): number | undefined {
  let pages: number | undefined;
  for (const { index } of text.matchAll(/\/Type\s*\/Pages\b/g)) {
    const dictionary = dictionaryAround(text, index);
    if (dictionary === undefined || /\/Parent\b/.test(dictionary)) continue;
    const count = Number(/\/Count\s+(\d{1,7})\b/.exec(dictionary)?.[1] ?? '');
    if (count > 0 && count <= pagesMax) pages = count;
  }
  return pages;
}

/** From the `<<` that opens what stands at `at` to its `>>`. */
function dictionaryAround(text: string, at: number): string | undefined {
  const from = edge(text, at, { step: -1, opens: '>>', closes: '<<' });
  const to = edge(text, at, { step: 1, opens: '<<', closes: '>>' });
  return from === undefined || to === undefined ? undefined : text.slice(from, to + 2);
}

function edge(
  text: string,
  at: number,
  { step, opens, closes }: { readonly step: 1 | -1; readonly opens: string; readonly closes: string },
): number | undefined {
  let depth = 0;
  for (let place = at; place >= 0 && place < text.length && Math.abs(place - at) < dictionaryMaxBytes; place += step) {
    const two = text.slice(place, place + 2);
    if (two === opens) depth += 1;
    if (two === closes && depth === 0) return place;
    if (two === closes) depth -= 1;
    if (two === opens || two === closes) place += step;
  }
  return undefined;
}

/** Objects that are packed, in the order in which they stand in the file. */
async function readObjectStreams(bytes: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  let [told, streams] = ['', 0];
  for (const { index } of text.matchAll(/\/Type\s*\/ObjStm\b/g)) {
    streams += 1;
    if (streams > streamsMax || told.length > inflatedMaxBytes) break;
    const begin = /stream\r?\n/g;
    begin.lastIndex = index;
    const from = begin.exec(text) === null ? -1 : begin.lastIndex;
    const to = text.indexOf('endstream', from);
    if (from !== -1 && to !== -1) told += latin1(await inflate(bytes.slice(from, to), inflatedMaxBytes - told.length));
  }
  return told;
}

/** As much as there is, and as may be; what stands behind its end (a line break) is no error here. */
async function inflate(packed: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (let { done, value } = await reader.read(); !done && value !== undefined; { done, value } = await reader.read()) {
      pieces.push(value);
      size += value.byteLength;
      if (size > maxBytes) break;
    }
  } catch {
    // What came before it stands.
  }
  await reader.cancel().catch(() => {});
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
