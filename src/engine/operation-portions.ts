import type { Operation } from '../planner/operation.ts';

/** One portion: bounds the files held open or ready, and what is read again when it is given up. */
const portionFiles = 512;
const portionBytes = 256 * 1024 * 1024;

/** Cuts the steps so that no portion brings more than can be held ready beside the folder. */
export function* portionsOf(operations: readonly Operation[]): Generator<readonly Operation[], void> {
  let portion: Operation[] = [];
  let files = 0;
  let bytes = 0;
  for (const operation of operations) {
    if (operation.do === 'fetch') {
      if (files >= portionFiles || (files > 0 && bytes + operation.content.sizeBytes > portionBytes)) {
        yield portion;
        portion = [];
        files = 0;
        bytes = 0;
      }
      files += 1;
      bytes += operation.content.sizeBytes;
    }
    portion.push(operation);
  }
  yield portion;
}
