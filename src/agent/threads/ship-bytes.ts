/** Byte arrays, made ready to go to another thread: nothing large is copied, and nothing small drags a large buffer along. */
export interface Shipment {
  /** The same bytes in the same order. Where a buffer is handed over, the arrays that were given are empty afterwards. */
  readonly arrays: readonly Uint8Array[];
  /** For `postMessage`. */
  readonly transfer: ArrayBuffer[];
}

/** Below this, copying is cheaper than handing over (and Node's own pool for small buffers is never handed over). */
const handOverMinBytes = 64 * 1024;

/**
 * A buffer is handed over where the arrays are most of it; all other arrays are gathered into one new buffer, since sending
 * an array always sends the whole buffer that it is a view of.
 */
export function shipBytes(parts: readonly Uint8Array[]): Shipment {
  const seen = new Map<ArrayBufferLike, number>();
  for (const part of parts) seen.set(part.buffer, (seen.get(part.buffer) ?? 0) + part.byteLength);
  const whole = new Set<ArrayBuffer>();
  for (const [buffer, bytes] of seen) {
    if (buffer instanceof ArrayBuffer && bytes >= handOverMinBytes && 2 * bytes >= buffer.byteLength) whole.add(buffer);
  }
  const isWhole = ({ buffer }: Uint8Array): boolean => buffer instanceof ArrayBuffer && whole.has(buffer);
  const rest = parts.filter((part) => !isWhole(part));
  const gathered = new Uint8Array(rest.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  const arrays = parts.map((part) => {
    if (isWhole(part)) return part;
    const copy = gathered.subarray(at, at + part.byteLength);
    copy.set(part);
    at += part.byteLength;
    return copy;
  });
  return { arrays, transfer: gathered.byteLength > 0 ? [...whole, gathered.buffer] : [...whole] };
}
