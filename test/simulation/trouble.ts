/** What may go wrong in a random history. */
export interface Trouble {
  /** People act while an engine works in their folder. */
  readonly races: boolean;
  readonly kills: boolean;
  readonly powerCuts: boolean;
  readonly poorStore: boolean;
  /** Single calls to the disk fail. */
  readonly diskErrors: boolean;
  /** Some syncs look only where a watcher says, which forgets some. */
  readonly hints: boolean;
  /** Several engines work at once. */
  readonly together: boolean;
  readonly lostIndex: boolean;
  /** A profile or its index comes back from a backup. */
  readonly oldIndex: boolean;
  /** The store comes back from a backup, for a while. */
  readonly oldStore: boolean;
  readonly wrongClocks: boolean;
  /** Files and folders without rights, pipes, hard links. */
  readonly oddItems: boolean;
  /** The synced folder goes away for a while. */
  readonly awayFolder: boolean;
  readonly checkpoints: boolean;
  /** File systems that can do less. */
  readonly poorDisks: boolean;
  /** File systems that tell fewer names apart, or keep less of times, bits and links; and people give such names. */
  readonly otherDisks: boolean;
  /** Folders are left out on single devices, and taken back in. */
  readonly selective: boolean;
  /** A device is removed from the vault, and its person goes on. */
  readonly removal: boolean;
  /** People decide conflicts. */
  readonly decisions: boolean;
}

export const noTrouble: Trouble = {
  races: false,
  kills: false,
  powerCuts: false,
  poorStore: false,
  diskErrors: false,
  hints: false,
  together: false,
  lostIndex: false,
  oldIndex: false,
  oldStore: false,
  wrongClocks: false,
  oddItems: false,
  awayFolder: false,
  checkpoints: false,
  poorDisks: false,
  otherDisks: false,
  selective: false,
  removal: false,
  decisions: false,
};

/** Named mixtures; `mixed` draws any of them for each history. */
export const kinds = {
  calm: noTrouble,
  races: { ...noTrouble, races: true },
  kills: { ...noTrouble, kills: true },
  power: { ...noTrouble, kills: true, powerCuts: true },
  store: { ...noTrouble, poorStore: true },
  together: { ...noTrouble, together: true },
  hints: { ...noTrouble, hints: true, races: true, kills: true },
  'together, in trouble': { ...noTrouble, together: true, races: true, kills: true, poorStore: true },
  'disk errors': { ...noTrouble, diskErrors: true },
  checkpoints: { ...noTrouble, checkpoints: true, together: true, kills: true },
  backups: { ...noTrouble, lostIndex: true, oldIndex: true, oldStore: true },
  surroundings: { ...noTrouble, wrongClocks: true, oddItems: true, awayFolder: true, poorDisks: true, races: true },
  selective: { ...noTrouble, selective: true, races: true, hints: true },
  'selective, in trouble': {
    ...noTrouble,
    selective: true,
    together: true,
    kills: true,
    powerCuts: true,
    poorStore: true,
    checkpoints: true,
  },
  'other disks': { ...noTrouble, otherDisks: true, hints: true },
  'other disks, in trouble': { ...noTrouble, otherDisks: true, races: true, kills: true, together: true, poorStore: true },
  removal: { ...noTrouble, removal: true, together: true, kills: true, races: true, checkpoints: true },
  'removal, with a poor store': { ...noTrouble, removal: true, together: true, kills: true, poorStore: true },
  decisions: { ...noTrouble, decisions: true, races: true },
  'decisions, in trouble': {
    ...noTrouble,
    decisions: true,
    together: true,
    races: true,
    kills: true,
    powerCuts: true,
    poorStore: true,
    hints: true,
    checkpoints: true,
  },
  everything: {
    races: true,
    kills: true,
    powerCuts: true,
    poorStore: true,
    diskErrors: true,
    hints: true,
    together: true,
    lostIndex: false,
    oldIndex: false,
    oldStore: false,
    wrongClocks: true,
    oddItems: true,
    awayFolder: true,
    checkpoints: true,
    poorDisks: true,
    otherDisks: true,
    selective: true,
    removal: false,
    decisions: false,
  },
} as const satisfies Record<string, Trouble>;

export type Kind = keyof typeof kinds;
