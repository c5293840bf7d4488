/** A history as plain data: what is to happen to a vault and its devices, from the first act to the last fault. */
import type { StoreFaults } from '../world/store-faults.ts';
import type { DiskPlan } from './disk-plan.ts';
import type { Policy } from './turns.ts';
import type { UserAct } from './user-act.ts';

export interface DevicePlan {
  readonly name: string;
  readonly disk: DiskPlan;
}

/** Something that happens while an engine works, at its call of that number. */
export type Meanwhile =
  | { readonly at: number; readonly what: 'kill' | 'power' }
  | { readonly at: number; readonly what: 'act'; readonly act: UserAct }
  | { readonly at: number; readonly what: 'errno'; readonly code: string };

/** One device's sync, and what goes wrong in it. */
export interface SyncPlan {
  readonly device: string;
  /** Decides with the history's seed what is left to chance in this run, and in no other: no two runs have the same. */
  readonly run: number;
  /** A watcher's hints: only these paths are looked at. undefined: everything. */
  readonly hints?: readonly string[] | undefined;
  readonly store: Partial<StoreFaults>;
  readonly meanwhile: readonly Meanwhile[];
}

export type Step =
  | { readonly do: 'act'; readonly device: string; readonly act: UserAct }
  /** Several syncs run beside each other, interleaved as `policy` and the history's seed have it. */
  | { readonly do: 'sync'; readonly runs: readonly SyncPlan[]; readonly policy: Policy }
  /** Time passes for all. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Somebody sets the clock of one machine. */
  | { readonly do: 'set-clock'; readonly device: string; readonly offsetMs: number }
  /** The synced folder's disk goes away (or an empty folder stands in its place), and comes back. */
  | { readonly do: 'take-away' | 'show-mount-point' | 'bring-back'; readonly device: string }
  | { readonly do: 'lose-index'; readonly device: string }
  /** A person leaves a folder of the vault out on the device, or takes it back in. */
  | { readonly do: 'select'; readonly device: string; readonly selection: 'include' | 'exclude'; readonly path: string }
  /** A backup of the profile is made; later its index, or all of it, is put back. */
  | { readonly do: 'save-profile' | 'restore-index' | 'restore-profile'; readonly device: string }
  /** A person decides a conflict: of those that are open the one of this number, counted round. */
  | {
      readonly do: 'resolve';
      readonly device: string;
      readonly keep: 'local' | 'remote' | 'both';
      readonly number: number;
      readonly run: number;
    }
  /** A device has another one removed from the vault. */
  | { readonly do: 'remove'; readonly device: string; readonly by: string }
  /** A backup of the store is made; later it is what everybody sees, until the true one is back. */
  | { readonly do: 'save-store' | 'show-old-store' | 'show-true-store' };

export interface History {
  /** Decides everything that is not written here: keys, numbers of the disk, who goes next. */
  readonly seed: number;
  readonly devices: readonly DevicePlan[];
  /** How many entries a checkpoint has to cover, at least 2 (it is one itself); undefined: more than a history ever holds. */
  readonly checkpointEntries: number | undefined;
  /** The most that engines take on together of anything that is counted, at least 1; undefined: as usual, which is more than a history ever holds. */
  readonly portion?: number | undefined;
  /** What must come out, where that is known beforehand. */
  readonly outcome: Outcome;
  readonly steps: readonly Step[];
}

/** `any`: only what holds for all histories. `apart`: everybody worked in a folder of their own. `turns`: one after the other. */
export type Outcome = 'any' | 'apart' | 'turns';
