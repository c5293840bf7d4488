/**
 * How many of these items, from the first on, go into one batch: as many as stay within `maxBytes` together, at least one.
 * Nothing of a batch reaches other devices before all of it is in the store.
 */
export function cutBatch(sizesBytes: Iterable<number>, maxBytes: number): number {
  let count = 0;
  let total = 0;
  for (const sizeBytes of sizesBytes) {
    total += sizeBytes;
    if (count > 0 && total > maxBytes) break;
    count += 1;
  }
  return count;
}
