import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Disk } from '../disk/disk.ts';
import type { SyncIndex } from '../index/sync-index.ts';
import type { ChunkId, DeviceId } from '../model/ids.ts';
import type { Content } from '../model/node.ts';
import type { Journal } from '../vault/journal/journal.ts';
import type { PackStore } from '../vault/pack/pack-store.ts';
import type { EngineEvent } from './engine-event.ts';
import type { FolderRules } from './scan/folder-rules.ts';
import type { Portions } from './portions.ts';
import type { Workshop } from './content/workshop.ts';

/** Everything the engine works with, put together by the agent (or by a simulation). */
export interface EngineParts {
  readonly index: SyncIndex;
  readonly disk: Disk;
  readonly packs: PackStore;
  readonly journal: Journal;
  readonly workshop: Workshop;
  readonly portions: Portions;
  readonly clock: Clock;
  readonly random: Random;
  readonly device: { readonly id: DeviceId; readonly name: string };
  /** The epoch that new content is sealed under. */
  currentEpoch(): number;
  /** What stays out of the vault. */
  readonly rules: FolderRules;
  /** The chunk ids that list chunks hold, checked against the content's id. Throws E_TAMPER. */
  readChunkList(content: Content, listed: readonly Uint8Array[]): readonly ChunkId[];
  /** Has the index know what was before the snapshot that it began with. Throws as `Journal.bringPast`. */
  bringPast(signal: AbortSignal): Promise<void>;
  emit(event: EngineEvent): void;
}
