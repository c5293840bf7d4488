import { Failure } from '../../base/failure.ts';
import { isNamePrefix } from '../object-name.ts';
import type { GetOptions, ListOptions } from '../store.ts';

/** Names that one page of a listing may hold. */
export const listLimitMax = 1000;
/** Size of the one mutable object. */
export const hintMaxBytes = 1024;

/** What every adapter refuses before it asks anybody. Throws E_FAILED: only our own code can be wrong here. */
export function checkGetOptions({ maxBytes, range }: GetOptions): void {
  if (!isCount(maxBytes)) throw new Failure('E_FAILED', `maxBytes ${maxBytes} is not a number of bytes`);
  if (range === undefined) return;
  if (!isCount(range.start) || !isCount(range.length) || range.length < 1 || !isCount(range.start + range.length)) {
    throw new Failure('E_FAILED', `range ${range.start}+${range.length} is not a range`);
  }
}

/** As checkGetOptions. */
export function checkListOptions(prefix: string, { after, limit }: ListOptions): void {
  if (!isNamePrefix(prefix) || !isNamePrefix(after ?? '')) throw new Failure('E_FAILED', 'prefix or after is no beginning of a name');
  if (!isCount(limit) || limit < 1 || limit > listLimitMax) throw new Failure('E_FAILED', `limit ${limit} is not 1 to ${listLimitMax}`);
}

/** Throws E_LIMIT. */
export function checkHintSize(bytes: Uint8Array): void {
  if (bytes.byteLength > hintMaxBytes) throw new Failure('E_LIMIT', `a hint of ${bytes.byteLength} bytes is larger than ${hintMaxBytes}`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
