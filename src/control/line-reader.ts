import { concatBytes } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';

const lineFeed = 10;

/** Cuts a stream into lines. Keeps at most one line, however much arrives. */
export class LineReader {
  /** Of one line, without its end. */
  maxBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** The lines that end in this piece. Throws E_LIMIT for one that is too long, E_FORMAT for one that is no UTF-8. */
  *take(piece: Uint8Array): Generator<string> {
    for (let from = 0; from < piece.byteLength;) {
      const end = piece.indexOf(lineFeed, from);
      const part = piece.subarray(from, end === -1 ? undefined : end);
      this.#bytes += part.byteLength;
      if (this.#bytes > this.maxBytes) throw new Failure('E_LIMIT', `a message of more than ${this.maxBytes} bytes`);
      this.#parts.push(part);
      if (end === -1) return;
      from = end + 1;
      yield this.#finish();
    }
  }

  #finish(): string {
    const line = concatBytes(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(line);
    } catch (cause) {
      throw new Failure('E_FORMAT', 'a message that is no text', { cause });
    }
  }
}
