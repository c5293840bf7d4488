import { limits } from '../../model/limits.ts';

/** Limits of single fields and parts of entries, beside `limits` (FORMAT.md, section 1). Sizes in bytes. */
export const wireLimits = {
  /**
   * A name or link text as it is carried. Far above what any disk takes: a name that may not be written anywhere is shown
   * and left out by the disk side, and must not stop the good files of the same entry.
   */
  textMaxBytes: 16 * 1024,
  /** Devices in a vector: all that ever wrote, revoked ones included. */
  vectorMax: 1024,
  /** CBOR of the signed header: what the largest vector needs. */
  headerMaxBytes: 128 * 1024,
  /**
   * CBOR of a body: its padded size is then at most 7 MiB, so that a whole entry, header and seals included, stays below
   * `limits.entryMaxBytes`.
   */
  bodyMaxBytes: 7 * 1024 * 1024 - 4,
  /** Packs that one entry brings. */
  packsMax: 1000,
  /** Packs that one pack plan names. */
  planPacksMax: 100_000,
  /** Highest number of a device's entry, size of a file, and number of days: any safe integer. */
  countMax: Number.MAX_SAFE_INTEGER,
  /** What a Date can hold, either side of 1970. */
  timeMaxMs: 8_640_000_000_000_000,
  /** Chunk ids that one list chunk holds: 4 MiB of them. */
  idsPerListChunk: limits.chunkMaxBytes / 32,
} as const;
