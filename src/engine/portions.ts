/** How much the engine takes on together. Each is at least 1; more is faster, and takes more memory. */
export interface Portions {
  /** Nodes planned together: bounds what a plan and one entry hold. */
  readonly nodes: number;
  /** Bytes to be read, or to be brought, in such a batch: the first files of a very large folder reach others before the last are read, and what comes to rest meanwhile waits for no more. */
  readonly batchBytes: number;
  /** Folders listed at once, and looked through in one transaction. */
  readonly folders: number;
  /** Items of a folder that are held with all that is known of them; of a larger one, what is as it was known is let go of first. */
  readonly listedItems: number;
  /** Rows of items gone from the disk that one transaction takes away. */
  readonly missedRows: number;
  /** Files of one job for the workshop: small ones travel together, a large one alone. */
  readonly jobFiles: number;
  /** Readings recorded in one transaction, as each is an fsync: what a crash takes away of them is read again, and stored already. */
  readonly readings: number;
  /** Files that are brought before the first of them gets its place: held open or ready, and brought again when they are given up. */
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  /** New files of one folder from which on they get their places with one call, in another thread: for fewer that is not worth it. */
  readonly placedTogether: number;
  /** Results of steps that may wait for one durability point. */
  readonly results: number;
}

/** Measured to be near the fastest on a small computer, within the memory it is meant to take. */
export const usualPortions: Portions = {
  nodes: 1_000,
  batchBytes: 1024 * 1024 * 1024,
  folders: 64,
  listedItems: 5_000,
  missedRows: 2_000,
  jobFiles: 128,
  readings: 1_024,
  fetchedFiles: 256,
  fetchedBytes: 256 * 1024 * 1024,
  placedTogether: 4,
  results: 2_000,
};
