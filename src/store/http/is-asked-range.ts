import type { HttpAnswer } from './http-connection.ts';
import type { GetOptions } from '../store.ts';

/** Whether a 206 gives the bytes that were asked for: fewer only at the object's end. */
export function isAskedRange({ headers, bytes }: HttpAnswer, range: NonNullable<GetOptions['range']>): boolean {
  const [, start, end, total] = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(headers['content-range'] ?? '') ?? [];
  const isAsked = Number(start) === range.start && Number(end) === range.start + bytes.byteLength - 1 && bytes.byteLength <= range.length;
  return isAsked && (bytes.byteLength === range.length || Number(total) === Number(end) + 1);
}
