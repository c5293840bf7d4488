import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { DiskRoom } from './disk-room.ts';
import type { FileCalls } from './calls/file-calls.ts';
import type { HeldBytes } from './act/held-bytes.ts';
import type { RootAnchor } from './root-anchor.ts';
import type { Touched } from './act/touched.ts';
import type { Trash } from './act/trash.ts';

/** What the acts on one synced folder share. */
export interface DiskParts {
  readonly calls: FileCalls;
  readonly clock: Clock;
  readonly random: Random;
  /** Of small files that are written with others. */
  readonly held: HeldBytes;
  readonly root: RootAnchor;
  readonly room: DiskRoom;
  readonly trash: Trash;
  readonly touched: Touched;
}
