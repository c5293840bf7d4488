import { usualPortions, type Portions } from '../../src/engine/portions.ts';

/** Portions of which none holds more than so many: the borders between them are crossed even in a small folder. */
export function smallPortions(most: number): Portions {
  return {
    nodes: most,
    batchBytes: usualPortions.batchBytes,
    folders: most,
    listedItems: most,
    missedRows: most,
    jobFiles: most,
    readings: most,
    fetchedFiles: most,
    fetchedBytes: usualPortions.fetchedBytes,
    placedTogether: 1,
    results: most,
  };
}
