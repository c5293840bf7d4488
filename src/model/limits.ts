/** Limits that readers enforce on signed content too, and writers stay below (FORMAT.md, "Limits"). Sizes in bytes. */
export const limits = {
  chunkMinBytes: 256 * 1024,
  chunkAverageBytes: 1024 * 1024,
  chunkMaxBytes: 4 * 1024 * 1024,
  packMaxBytes: 17 * 1024 * 1024,
  /** A pack is closed when its sealed chunks reach this. */
  packTargetBytes: 16 * 1024 * 1024,
  packMinBytes: 16 * 1024,
  readBlockBytes: 256 * 1024,
  entryMaxBytes: 8 * 1024 * 1024,
  entryMaxChanges: 20_000,
  snapshotPartMaxBytes: 8 * 1024 * 1024,
  keyListMaxBytes: 1024 * 1024,
  devicesMax: 64,
  slotsMax: 16,
  epochMax: 65_535,
  lamportMax: 10 ** 12 - 1,
  /** A larger jump over everything known is refused: it would use the number space up. */
  lamportJumpMax: 1_000_000,
  nameMaxBytes: 255,
  pathMaxBytes: 4096,
  depthMax: 128,
  /** Chunk ids that stand in a change itself; longer lists go to chunks of their own. */
  inlineChunksMax: 64,
  /** Chunks that hold the ids of one content's chunks: 64 of up to 4 MiB, enough for 8 TiB. */
  listChunksMax: 64,
  listPageMax: 1000,
  /** More than a folder can hold: asks for all of its children. */
  childrenMax: 0x7fff_ffff,
  namesPerListMax: 1_000_000,
} as const;
