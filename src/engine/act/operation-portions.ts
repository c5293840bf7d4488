import type { Operation } from '../../planner/operation.ts';
import type { Portions } from '../portions.ts';

/** Cuts the steps so that no portion brings more than can be held ready beside the folder. */
export function* portionsOf(
  operations: readonly Operation[],
  { fetchedFiles, fetchedBytes }: Portions,
): Generator<readonly Operation[], void> {
  let portion: Operation[] = [];
  let files = 0;
  let bytes = 0;
  for (const operation of operations) {
    if (operation.do === 'fetch') {
      if (files >= fetchedFiles || (files > 0 && bytes + operation.content.sizeBytes > fetchedBytes)) {
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
