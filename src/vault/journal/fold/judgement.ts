/**
 * Which entries of a set are void as a whole, by what other entries of the set say of them (FORMAT.md, section 6.4).
 * A pure function of the set: it does not depend on what arrived when.
 */
import type { CheckpointChange, EntryBody } from '../../../model/change.ts';
import type { DeviceId, EntryName } from '../../../model/ids.ts';
import type { FoldPosition } from '../../../model/journal-book.ts';
import { covers, type Floor } from '../checkpoint/floor.ts';
import type { VoidReason } from './void-reason.ts';

/** Where an entry stands in the order and in its device's chain. */
export interface EntryPlace extends FoldPosition {
  readonly name: EntryName;
  readonly device: DeviceId;
  readonly counter: number;
}

/** What an entry says of other entries. */
export interface Statements {
  readonly checkpoints: readonly CheckpointChange[];
  readonly skips: readonly EntryName[];
}

/** An entry that says something of others. */
export interface Speaker extends EntryPlace {
  readonly statements: Statements;
}

export function statementsOf(body: EntryBody): Statements {
  const checkpoints: CheckpointChange[] = [];
  const skips: EntryName[] = [];
  for (const group of body.groups) {
    for (const change of group) {
      if (change.do === 'checkpoint') checkpoints.push(change);
      if (change.do === 'skip') skips.push(change.entry);
    }
  }
  return { checkpoints, skips };
}

/** A checkpoint in force, and the entry that makes it. */
export interface Checkpoint {
  readonly speaker: Speaker;
  readonly change: CheckpointChange;
}

/** The floor that this checkpoint is. */
export function floorOf({ speaker, change }: Checkpoint): Floor {
  const { name, device, counter, lamport, hash } = speaker;
  return { lamport: change.lamport, vector: change.vector, entry: { name, device, counter, lamport, hash }, hasLate: false };
}

/** One set within the other: the whole one, then what its furthest checkpoint covers, and so on. */
interface Level {
  /** `device name` of each entry that its own device skips in this set. */
  readonly skipped: ReadonlySet<string>;
  /** The one that reaches furthest in this set. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Order of the fold. */
export function comparePositions(a: FoldPosition, b: FoldPosition): number {
  return a.lamport - b.lamport || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
}

/**
 * The checkpoint that reaches furthest counts for all that is at or below its Lamport number: the tree up to there is what
 * folding exactly its own set gives, and in that set the next checkpoint is found in the same way. Whatever is at or below
 * its number and not in its set is void. So a checkpoint can't be voided by one that reaches further (it would have to be
 * older than what it speaks of), and two that were made at the same time never leave different trees behind.
 * A skip counts only in a set that holds both the entry that skips and the entry skipped, and where the former is not
 * skipped itself.
 */
export class Judgement {
  readonly #levels: readonly Level[];

  /** `speakers`: all of the set that are above the floor. Checkpoints that reach no higher than the floor say nothing new. */
  constructor(speakers: readonly Speaker[], floorLamport: number) {
    const levels: Level[] = [];
    let set: readonly Speaker[] | undefined = speakers;
    while (set !== undefined) {
      const level: Level = levelOf(set, floorLamport);
      levels.push(level);
      const { checkpoint } = level;
      set = checkpoint && set.filter((speaker) => isIn(checkpoint.change, speaker));
    }
    this.#levels = levels;
  }

  /** The checkpoint that reaches furthest. */
  get checkpoint(): Checkpoint | undefined {
    return this.#levels[0]?.checkpoint;
  }

  /** All that count, each found in the set of the one before it. */
  get checkpoints(): readonly Checkpoint[] {
    return this.#levels.flatMap(({ checkpoint }) => checkpoint ?? []);
  }

  /** Why the entry is void as a whole; undefined where its changes count. */
  verdict(entry: EntryPlace): VoidReason | undefined {
    for (const { skipped, checkpoint } of this.#levels) {
      if (checkpoint === undefined || entry.lamport > checkpoint.change.lamport) return skipped.has(keyOf(entry)) ? 'skipped' : undefined;
      if (!isIn(checkpoint.change, entry)) return 'checkpoint';
    }
    return undefined;
  }
}

function isIn(checkpoint: CheckpointChange, entry: EntryPlace): boolean {
  return entry.lamport <= checkpoint.lamport && covers(checkpoint.vector, entry);
}

function keyOf({ device, name }: { readonly device: DeviceId; readonly name: EntryName }): string {
  return `${device} ${name}`;
}

function levelOf(set: readonly Speaker[], floorLamport: number): Level {
  const skipped = new Set<string>();
  for (const speaker of set.toSorted((a, b) => comparePositions(b, a))) {
    // What was given up says nothing: neither did its author know of it when it went on.
    if (skipped.has(keyOf(speaker))) continue;
    for (const name of speaker.statements.skips) {
      // Names begin with the Lamport number in a fixed width: an entry can only skip what stands before it.
      if (name < speaker.name) skipped.add(keyOf({ device: speaker.device, name }));
    }
  }
  return { skipped, checkpoint: findFurthest(set, skipped, floorLamport) };
}

function findFurthest(set: readonly Speaker[], skipped: ReadonlySet<string>, floorLamport: number): Checkpoint | undefined {
  let found: Checkpoint | undefined;
  for (const speaker of set) {
    if (skipped.has(keyOf(speaker))) continue;
    for (const change of speaker.statements.checkpoints) {
      if (change.lamport <= floorLamport || change.lamport >= speaker.lamport) continue;
      // Of two that reach equally far, the later entry's.
      if (found === undefined || (change.lamport - found.change.lamport || comparePositions(speaker, found.speaker)) >= 0)
        found = { speaker, change };
    }
  }
  return found;
}
