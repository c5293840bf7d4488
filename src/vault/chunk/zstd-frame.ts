import { Failure } from '../../base/failure.ts';

/** What a frame says about itself. */
export interface ZstdFrame {
  /** Bytes that it says it expands to. */
  readonly contentBytes: number;
}

const magic = 0xfd2fb528;
const checksumFlag = 0x04;
const reservedFlag = 0x08;
const singleSegmentFlag = 0x20;
const dictionaryFlags = 0x03;
const contentSizeLengths = [0, 2, 4, 8] as const;
const rleBlock = 1;
const reservedBlock = 3;

/**
 * Reads the frame header and walks over the blocks (RFC 8878, section 3.1) without expanding anything. Throws E_LIMIT for
 * a window above 2^windowLogMax, a content size above `maxBytes` or none at all, or anything behind the one frame; E_FORMAT
 * where it is no frame, or needs a dictionary. What it accepts still has to be expanded within bounds.
 */
export function checkZstdFrame(
  bytes: Uint8Array,
  { windowLogMax, maxBytes }: { readonly windowLogMax: number; readonly maxBytes: number },
): ZstdFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { windowBytes, contentBytes, blocksAt, hasChecksum } = readHeader(view);
  if (windowBytes > 2 ** windowLogMax) throw new Failure('E_LIMIT', 'compressed with too large a window');
  if (contentBytes > maxBytes) throw new Failure('E_LIMIT', `compressed data that expands to more than ${maxBytes} bytes`);
  const end = blocksEnd(view, blocksAt) + (hasChecksum ? 4 : 0);
  if (end > bytes.byteLength) throw notAFrame();
  if (end < bytes.byteLength) throw new Failure('E_LIMIT', 'compressed data goes on behind its frame');
  return { contentBytes };
}

interface FrameHeader extends ZstdFrame {
  readonly windowBytes: number;
  readonly blocksAt: number;
  readonly hasChecksum: boolean;
}

function readHeader(view: DataView): FrameHeader {
  if (view.byteLength < 6 || view.getUint32(0, true) !== magic) throw notAFrame();
  const descriptor = view.getUint8(4);
  if ((descriptor & (dictionaryFlags | reservedFlag)) !== 0) throw notAFrame();
  const isSingleSegment = (descriptor & singleSegmentFlag) !== 0;
  const sizeAt = isSingleSegment ? 5 : 6;
  const sizeFlag = descriptor >>> 6;
  // Flag 0 means no content size, but one byte where the content is its own window.
  const sizeLength = sizeFlag === 0 && isSingleSegment ? 1 : (contentSizeLengths[sizeFlag] ?? 0);
  if (sizeLength === 0) throw new Failure('E_LIMIT', 'compressed data that does not say what it expands to');
  if (view.byteLength < sizeAt + sizeLength) throw notAFrame();
  const contentBytes = readContentSize(view, sizeAt, sizeLength);
  return {
    contentBytes,
    windowBytes: isSingleSegment ? contentBytes : windowBytesOf(view.getUint8(5)),
    blocksAt: sizeAt + sizeLength,
    hasChecksum: (descriptor & checksumFlag) !== 0,
  };
}

function notAFrame(): Failure {
  return new Failure('E_FORMAT', 'not compressed as this format compresses');
}

function windowBytesOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readContentSize(view: DataView, at: number, length: number): number {
  if (length === 1) return view.getUint8(at);
  if (length === 2) return view.getUint16(at, true) + 256;
  if (length === 4) return view.getUint32(at, true);
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

/** Where the last block ends. */
function blocksEnd(view: DataView, start: number): number {
  let at = start;
  for (;;) {
    if (at + 3 > view.byteLength) throw notAFrame();
    const header = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16);
    const type = (header >>> 1) & 3;
    if (type === reservedBlock) throw notAFrame();
    at += 3 + (type === rleBlock ? 1 : header >>> 3);
    if ((header & 1) === 1) return at;
  }
}
