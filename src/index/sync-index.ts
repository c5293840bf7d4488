import { BaseTree } from './nodes/base-tree.ts';
import { ChunkTable } from './chunk-table.ts';
import { ContentTable } from './content-table.ts';
import { CopyTable } from './copy-table.ts';
import { IndexDatabase, type OpenOptions } from './file/database.ts';
import { DirtySet } from './nodes/dirty-set.ts';
import { IntentTable } from './intent-table.ts';
import { LeftOut } from './left-out.ts';
import { LeftBehindTable } from './left-behind-table.ts';
import { LocalTree } from './nodes/local-tree.ts';
import { MassChangeTable } from './mass-change-table.ts';
import { MountTable } from './mount-table.ts';
import { NodeTable } from './nodes/node-table.ts';
import { OwnBaseTable } from './own-base-table.ts';
import { PastStateTable } from './past-state-table.ts';
import { PastTable } from './past-table.ts';
import { ProblemTable } from './problem-table.ts';
import { RemoteTree } from './nodes/remote-tree.ts';
import { SettingsTable } from './settings-table.ts';
import { Totals } from './nodes/totals.ts';
import { TraitsRecord } from './traits-record.ts';

/** One profile's index: the three trees and all that is noted down beside them, in one file. */
export class SyncIndex {
  readonly database: IndexDatabase;
  readonly local: LocalTree;
  readonly base: BaseTree;
  readonly remote: RemoteTree;
  readonly dirty: DirtySet;
  readonly chunks: ChunkTable;
  readonly contents: ContentTable;
  readonly copies: CopyTable;
  readonly past: PastTable;
  readonly pastStates: PastStateTable;
  readonly leftBehind: LeftBehindTable;
  readonly leftOut: LeftOut;
  readonly massChange: MassChangeTable;
  readonly mounts: MountTable;
  readonly settings: SettingsTable;
  readonly traits: TraitsRecord;
  readonly problems: ProblemTable;
  readonly ownBase: OwnBaseTable;
  readonly intents: IntentTable;

  private constructor(database: IndexDatabase) {
    const totals = new Totals(database);
    const deps = { database, nodes: new NodeTable(database), totals };
    this.database = database;
    this.local = new LocalTree(deps);
    this.base = new BaseTree(deps);
    this.past = new PastTable(database);
    this.leftOut = new LeftOut(deps, this.base);
    this.remote = new RemoteTree(deps, this.past, this.leftOut);
    this.pastStates = new PastStateTable(database);
    this.dirty = new DirtySet(deps);
    this.chunks = new ChunkTable(database);
    this.contents = new ContentTable(database);
    this.copies = new CopyTable(database);
    this.leftBehind = new LeftBehindTable(database);
    this.massChange = new MassChangeTable(database);
    this.mounts = new MountTable(database);
    this.settings = new SettingsTable(database);
    this.traits = new TraitsRecord(this.settings);
    this.local.useTraits(this.traits.current);
    this.problems = new ProblemTable(database);
    this.ownBase = new OwnBaseTable(database);
    this.intents = new IntentTable(database);
  }

  /** Opens or makes the file; ':memory:' for none. Throws as IndexDatabase.open. */
  static open(file: string, options: OpenOptions = {}): SyncIndex {
    return new SyncIndex(IndexDatabase.open(file, options));
  }

  /** An index in memory that holds what another one held when it was serialized. Throws E_INDEX_DAMAGED. */
  static restore(image: Uint8Array): SyncIndex {
    return new SyncIndex(IndexDatabase.openImage(image));
  }

  /** The same index as a process that starts now would find it: nothing is remembered. This one must not be used any more. */
  reopen(): SyncIndex {
    this.database.unfollow();
    return new SyncIndex(this.database);
  }

  /** All that is committed, as bytes for `restore`. */
  serialize(): Uint8Array {
    return this.database.serialize();
  }

  /** All writes of `fn` hold, durably, when this returns; none when it throws. Nothing may wait inside. */
  transaction<T>(fn: () => T): T {
    return this.database.transaction(fn);
  }

  close(): void {
    this.database.close();
  }
}
