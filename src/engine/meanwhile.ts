/** What a pass is told by whoever hears of changes: before it begins, and between its batches. */
import type { DiskPath } from '../disk/disk.ts';
import type { Told } from './scan/observe.ts';

/** Where somebody knows that nothing else changed, but for what rests. */
export interface Hints extends Told {
  /** At these paths, or below. */
  readonly paths: readonly DiskPath[];
}

/** What has come to rest since a pass began, or was asked last: asked between its batches, and given once. */
export type Meanwhile = () => Promise<Hints>;
