import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { SeenVector } from '../../model/change.ts';
import type { JournalBook } from '../../model/journal-book.ts';
import type { Store } from '../../store/store.ts';
import type { PinnedCheckpoint } from '../pin/pin.ts';
import type { Sealing } from '../sealing.ts';
import type { CheckpointWorth } from './checkpoint/checkpoint-policy.ts';
import type { FoldListener } from './fold/fold-listener.ts';
import type { JournalKeys } from './journal-keys.ts';
import type { SnapshotContents } from './checkpoint/snapshot-contents.ts';

/** The second copy of the pin, outside the index. */
export interface PinCopy {
  /** What it holds; undefined where there is none. */
  read(): SeenVector | undefined;
  /** Called after the book has recorded the same, before anything else happens. The checkpoint is the newest one folded. */
  write(vector: SeenVector, checkpoint: PinnedCheckpoint | undefined): Promise<void>;
}

/** What a journal works with. */
export interface JournalDeps {
  readonly store: Store;
  readonly sealing: Sealing;
  readonly keys: JournalKeys;
  readonly book: JournalBook;
  readonly pinCopy: PinCopy;
  readonly listener: FoldListener;
  /** Without it no checkpoints are written. */
  readonly snapshotContents?: SnapshotContents | undefined;
  /** How much a checkpoint has to cover; as usual where left out. */
  readonly checkpointWorth?: CheckpointWorth | undefined;
  /** What bodies of entries on their way in may take in memory; 32 MiB where left out. */
  readonly bodiesMaxBytes?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
}
