/** What a pass is told by whoever hears of changes: before it begins, and between its batches. */
import type { DiskPath } from '../disk/disk.ts';
import type { NodeId } from '../model/ids.ts';
import type { Told } from './scan/observe.ts';

/** Where somebody knows that nothing else changed, but for what rests. */
export interface Hints extends Told {
  /** At these paths, or below. */
  readonly paths: readonly DiskPath[];
}

/** What is to agree before all else. */
export interface Part {
  /** With the folders above them. */
  readonly nodes: readonly NodeId[];
  /** Where something may have changed that nobody has looked at; or below. */
  readonly paths: readonly DiskPath[];
}

/** What a pass offers between two of its batches. */
export interface Moment {
  /**
   * Brings the journal's news, asks what is to agree, looks at that in the folder, and settles it as far as this device can do it now.
   * Where that fails, the pass ends with the same; not with what `find` throws.
   */
  settle(find: () => Part): Promise<void>;
  /** Does something that only the next pass can end once it began: where it fails, the pass ends with the same. */
  entirely<Result>(act: () => Promise<Result>): Promise<Result>;
}

/** What has come to rest since a pass began, or was asked last. */
export interface Meantime extends Hints {
  /** Whether the moment was used for something that may have changed what the index knows. */
  readonly hasActed?: boolean;
}

/** Asked between the batches of a pass. */
export type Meanwhile = (moment: Moment) => Promise<Meantime>;
