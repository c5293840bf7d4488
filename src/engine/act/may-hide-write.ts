import type { Observed } from '../../disk/disk.ts';

/**
 * Whether the file's time is that of this very tick of its disk's clock (both in microseconds): what a person writes into it before it is
 * looked at here may not show, so that the next look has to read it.
 */
export function mayHideWrite({ kind, mtimeUs }: Observed, { nowUs, tickUs }: { readonly nowUs: number; readonly tickUs: number }): boolean {
  return kind === 'file' && tickUs > 1 && Math.abs(nowUs - mtimeUs) < 2 * tickUs;
}
