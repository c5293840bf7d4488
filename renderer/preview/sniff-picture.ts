/**
 * Which picture bytes are, by what stands in them: a name says nothing. Only kinds that the browser decodes without running
 * anything are known here; SVG is a document with scripts and is none of them.
 */

export interface Picture {
  readonly type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  /** In pixels, as the file says. */
  readonly width: number;
  readonly height: number;
}

/** A few kilobytes can say that they are gigabytes of pixels; what has more than these is not decoded. A camera has 50 millions. */
export const shownPixelsMax = 100_000_000;

/** undefined: no picture that may be shown. */
export function sniffPicture(bytes: Uint8Array): Picture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return sniffPng(view) ?? sniffGif(view) ?? sniffWebp(view) ?? sniffJpeg(view);
}

function says(view: DataView, at: number, text: string): boolean {
  if (view.byteLength < at + text.length) return false;
  for (let each = 0; each < text.length; each += 1) if (view.getUint8(at + each) !== text.charCodeAt(each)) return false;
  return true;
}

/** Signature, then IHDR: length, name, width, height (PNG 1.2, 3.1 and 4.1.1). */
function sniffPng(view: DataView): Picture | undefined {
  if (view.byteLength < 24 || !says(view, 0, '\x89PNG\r\n\x1a\n') || !says(view, 12, 'IHDR')) return undefined;
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

function sniffGif(view: DataView): Picture | undefined {
  if (view.byteLength < 10 || !(says(view, 0, 'GIF87a') || says(view, 0, 'GIF89a'))) return undefined;
  return { type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** RIFF, size, WEBP, and one of three kinds of first chunk, each with its own way to say how large it is (RFC 9649). */
function sniffWebp(view: DataView): Picture | undefined {
  if (view.byteLength < 30 || !says(view, 0, 'RIFF') || !says(view, 8, 'WEBP')) return undefined;
  const type = 'image/webp';
  if (says(view, 12, 'VP8X')) return { type, width: 1 + threeBytes(view, 24), height: 1 + threeBytes(view, 27) };
  if (says(view, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return { type, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (says(view, 12, 'VP8 ')) return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  return undefined;
}

function threeBytes(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
}

/** Segments one after the other until a frame header says how large it is (T.81, B.1.1 and B.2.2). */
function sniffJpeg(view: DataView): Picture | undefined {
  if (!says(view, 0, '\xff\xd8\xff')) return undefined;
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (isFrame(marker)) return { type: 'image/jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    // A fill byte stands before a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** C0 to CF begin a frame, but for tables of Huffman (C4) and arithmetic (CC) codes and an extension (C8). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
