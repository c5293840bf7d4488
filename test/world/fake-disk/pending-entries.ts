import { fraction, type Random } from '../../../src/base/random.ts';
import type { Inode, Slot } from './inode.ts';

/** What a name is to hold. */
export interface Assignment {
  readonly folder: Inode;
  readonly key: string;
  readonly slot: Slot | undefined;
}

/** Changes of names that no fsync has made durable, in their order. A rename is one change, in two folders. */
export class PendingEntries {
  #pending: (readonly Assignment[])[] = [];

  add(assignments: readonly Assignment[]): void {
    this.#pending.push(assignments);
  }

  /** fsync of a folder: its changes become durable, with all that came before them in any folder they share. */
  keepFolder(folder: Inode): void {
    const wanted = new Set([folder]);
    const kept = new Set<readonly Assignment[]>();
    // From the last to the first: a change that is kept draws in the earlier ones of its folders.
    for (const change of this.#pending.toReversed()) {
      if (!change.some((assignment) => wanted.has(assignment.folder))) continue;
      kept.add(change);
      for (const assignment of change) wanted.add(assignment.folder);
    }
    for (const change of this.#pending) if (kept.has(change)) apply(change);
    this.#pending = this.#pending.filter((change) => !kept.has(change));
  }

  keepAll(): void {
    for (const change of this.#pending) apply(change);
    this.#pending = [];
  }

  /**
   * A power cut: in each folder the changes up to some point are there, the later ones are not; different folders may have
   * come differently far. `ordered`: all folders equally far, as a journalling file system has it.
   */
  cut(random: Random): void {
    const ordered = fraction(random) < 0.3;
    const keptShare = fraction(random);
    const behind = new Set<Inode>();
    let stopped = false;
    for (const change of this.#pending) {
      const possible = !(ordered && stopped) && !change.some((assignment) => behind.has(assignment.folder));
      if (possible && fraction(random) < keptShare) {
        apply(change);
      } else {
        stopped = true;
        for (const assignment of change) behind.add(assignment.folder);
      }
    }
    this.#pending = [];
  }
}

function apply(change: readonly Assignment[]): void {
  for (const { folder, key, slot } of change) {
    if (slot === undefined) folder.durableEntries.delete(key);
    else folder.durableEntries.set(key, slot);
  }
}
