/**
 * A named scenario: what people do on some devices, and what all of them show in the end, by the rules of what sync means.
 * It knows no world: the same description is played by simulated devices and by real folders with the command line.
 */
import type { Act } from './acts.ts';
import type { Person } from './person.ts';

/** Path → content, `-> target` for a link, `folder`; a `*` after the content of a program. Folders above are understood. */
export type Tree = Readonly<Record<string, string>>;

/** How a run of `sync` ended: the exit code of the command line, and the code of the failure that it named, if any. */
export interface Ending {
  readonly code: number;
  readonly failure: string;
}

/** One computer with its folder. */
export interface Device {
  readonly name: string;
  /** The one who uses the folder. */
  readonly person: Person;
  /** One run; links the folder to the vault first where it is not yet. Never throws what a command line would tell. */
  sync(): Promise<Ending>;
  /** The same, killed outright in the middle: before its news are in the journal, or while news are put into the folder. */
  syncAndKill(when: 'publishing' | 'placing'): Promise<void>;
  /** Open conflicts, by path. */
  conflicts(): Promise<readonly { readonly path: string; readonly copy: string }[]>;
  /** Decides the conflicts with these copies, or all. */
  resolve(copies: readonly string[] | 'all', keep: 'local' | 'remote' | 'both'): Promise<void>;
  problems(): Promise<readonly { readonly path: string; readonly code: string }[]>;
  /** Files that wait for a person's word, and that word. */
  held(): Promise<readonly string[]>;
  decide(word: 'confirm' | 'reject'): Promise<void>;
  /** The index is gone, keys and settings are not. */
  loseIndex(): void;
  /** Contents of what sync removed or replaced here. */
  trash(): readonly string[];
  /** The synced folder is not where it was; gives back how to undo that. */
  takeAway(): { bringBack: () => void };
}

export interface World {
  /** A device of this name; its folder is empty and not linked where nobody asked for it before. */
  device(name: string): Device;
  /** All devices sync in this order (default: as they were named first) until nothing changes any more. */
  settle(...first: readonly string[]): Promise<void>;
  /** All devices show exactly this. */
  expectTree(tree: Tree): void;
  /** What must be so; nothing is asked where people disturbed the scenario. */
  expect(what: string, actual: unknown, wanted: unknown): void;
  /** Bytes of all objects in the store. */
  storeBytes(): number;
  /** Time goes by; on real folders it does not. */
  passDays(days: number): void;
  /** The store can't be reached until this is undone. */
  takeStoreAway(): { bringBack: () => void };
}

/** One way in which a scenario can go. */
export interface Run {
  readonly title: string;
  /** What the devices have to begin with, made by the first of them. */
  readonly devices: readonly string[];
  readonly base: Tree;
  readonly play: (world: World) => Promise<void>;
  /** Where that is all there is to it. */
  readonly meeting?: Encounter | undefined;
}

/** `here` and `there` act apart, then all sync. */
export interface Encounter {
  readonly here: readonly Act[];
  readonly there: readonly Act[];
  readonly first: 'here' | 'there';
  /** What all show then. */
  readonly wanted: Tree;
  /** Copies that `conflicts` lists; undefined: nothing is asked. */
  readonly open: readonly string[] | undefined;
}

export interface Scenario {
  readonly title: string;
  readonly runs: readonly Run[];
  /** The only world in which it can be played, and why. */
  readonly only?: { readonly world: 'simulator' | 'real folders'; readonly because: string } | undefined;
  /** Played on real folders with every test run; the first run only. */
  readonly isCore?: boolean | undefined;
  /** Of so many files that it is not played again and again. */
  readonly isLarge?: boolean | undefined;
}

type Options = Partial<Pick<Run, 'devices' | 'base'>> & Pick<Scenario, 'only' | 'isCore' | 'isLarge'>;

/** A scenario with one way to go. */
export function scenario(title: string, { devices, base, ...rest }: Options, play: Run['play']): Scenario {
  return { title, runs: [{ title: 'as told', devices: devices ?? ['here', 'there'], base: base ?? {}, play }], ...rest };
}
