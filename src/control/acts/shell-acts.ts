/**
 * What a window may ask of the desktop itself: dialogs, other windows, preferences. A window never names a place of this
 * computer: it gets the id of what a person picked in the system's own dialog, and hands that on as `pick:ID` where an act of
 * the agent takes a folder or a folder's store.
 */
import { z } from 'zod';
import { secretTextSchema, timeSchema, vaultPathSchema } from './shared-shapes.ts';
import { textSizes } from './text-sizes.ts';

export const themeSchema = z.enum(['system', 'light', 'dark']);
/** 'system': as the system says, English where it says none of the others. */
export const languageSchema = z.enum(['system', 'en', 'fr']);
export const windowNames = ['status', 'set-up', 'settings', 'conflicts', 'history'] as const;
export type WindowName = (typeof windowNames)[number];
export const settingsPages = ['folders', 'selective-sync', 'ignore-rules', 'network', 'general', 'devices', 'security', 'about'] as const;
export type SettingsPage = (typeof settingsPages)[number];

export const preferencesShape = z.strictObject({
  theme: themeSchema,
  language: languageSchema,
  textSize: z.literal(textSizes),
  startsAtLogin: z.boolean(),
  notifies: z.boolean(),
  pausesOnMetered: z.boolean(),
  pausesOnLowBattery: z.boolean(),
  /** Whether the app may ask for newer versions of itself. */
  looksForUpdates: z.boolean(),
  /** Hours of the day in which it syncs, local time, `from` to `to`; null: always. */
  schedule: z.strictObject({ fromHour: z.int().min(0).max(23), toHour: z.int().min(0).max(24) }).nullable(),
});
export type Preferences = z.output<typeof preferencesShape>;
export const preferenceChangesShape = preferencesShape.partial();
export type PreferenceChanges = z.output<typeof preferenceChangesShape>;

const versionText = z.string().max(32);
/**
 * How the app stands with newer versions of itself. `off`: it asks nobody, as the build has no key to know updates by, as nothing
 * says how it was installed, or as the person does not want it. `newer`: an administrator has to install it. `waiting`: it is
 * installed as soon as no sync writes. `failed`: what the feed gave is not to be believed, or could not be had.
 */
const updatesShape = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('off'), why: z.enum(['no-key', 'no-package', 'not-wanted']) }),
  z.strictObject({ is: z.literal('not-looked') }),
  z.strictObject({ is: z.literal('looking') }),
  z.strictObject({ is: z.literal('current'), at: timeSchema }),
  z.strictObject({ is: z.literal('newer'), version: versionText, at: timeSchema }),
  z.strictObject({ is: z.literal('downloading'), version: versionText, percent: z.int().min(0).max(100) }),
  z.strictObject({ is: z.literal('ready'), version: versionText }),
  z.strictObject({ is: z.literal('waiting'), version: versionText }),
  z.strictObject({
    is: z.literal('failed'),
    why: z.enum(['untrusted', 'replayed', 'expired', 'senseless', 'unreachable', 'not-fetched']),
    at: timeSchema,
  }),
]);
export type ToldUpdates = z.output<typeof updatesShape>;

/** So many vaults fit in one app: each has an agent of its own. */
export const vaultsMax = 9;
/** 1: of the usual profile; others: of those beside it. It stays with the vault as long as that is in the app. */
const vaultNumber = z.int().min(1).max(vaultsMax);
/** What can be said of a vault in a drawing. */
export const vaultStates = ['synced', 'syncing', 'paused', 'attention', 'offline'] as const;

const vaultRowShape = z.strictObject({
  vault: vaultNumber,
  /** Of its folder; with as much of the way to it as tells it from the others. */
  name: z.string(),
  /** null while it is not known. */
  folder: z.string().nullable(),
  state: z.enum(vaultStates),
  /** The same in the person's language. */
  says: z.string(),
});
export type VaultRow = z.output<typeof vaultRowShape>;

const pickedShape = z.strictObject({ id: z.string().max(64), path: z.string() });
export type Picked = z.output<typeof pickedShape>;
const nothing = z.strictObject({});

export const shellActs = {
  /** The system's dialog; null where it was closed. */
  'pick-folder': {
    ask: z.strictObject({ for: z.enum(['sync', 'moved', 'store', 'restore']) }),
    answer: z.strictObject({ picked: pickedShape.nullable() }),
  },
  /** Where the synced folder would usually be. */
  'usual-folder': { ask: nothing, answer: z.strictObject({ picked: pickedShape }) },
  'open-folder': { ask: nothing, answer: nothing },
  /** Shows an item of the synced folder in the system's file manager. */
  'show-item': { ask: z.strictObject({ path: vaultPathSchema }), answer: nothing },
  /** Opens a file of the synced folder, unless it is of a kind that runs: that is shown in its folder. */
  'open-item': { ask: z.strictObject({ path: vaultPathSchema }), answer: nothing },
  'open-window': {
    ask: z.strictObject({ window: z.enum(windowNames), page: z.enum(settingsPages).optional(), path: vaultPathSchema.optional() }),
    answer: nothing,
  },
  'close-window': { ask: nothing, answer: nothing },
  /** The vaults of this computer, without one that is only being set up; `here`: the one that this window is about. */
  'list-vaults': { ask: nothing, answer: z.strictObject({ here: vaultNumber, rows: z.array(vaultRowShape).max(vaultsMax) }) },
  /** This window is about another vault from now on. */
  'switch-vault': { ask: z.strictObject({ vault: vaultNumber, page: z.enum(settingsPages).optional() }), answer: nothing },
  /** Opens the wizard for one more; nothing is left of it where that is closed in the middle. */
  'add-vault': { ask: nothing, answer: nothing },
  /** Parts from its folder: files and vault stay, this device's keys go. The last one leaves an app without a folder. */
  'remove-vault': { ask: z.strictObject({ vault: vaultNumber }), answer: nothing },
  'read-preferences': { ask: nothing, answer: preferencesShape },
  'change-preferences': { ask: preferenceChangesShape, answer: preferencesShape },
  /** What the system offers: false where a preference would do nothing. */
  'read-surroundings': {
    ask: nothing,
    answer: z.strictObject({
      hasTray: z.boolean(),
      canNotify: z.boolean(),
      canStartAtLogin: z.boolean(),
      platform: z.enum(['linux', 'darwin', 'win32']),
      versions: z.strictObject({ cachette: z.string(), electron: z.string(), chromium: z.string(), node: z.string() }),
      /** Of the languages above, what 'system' means. */
      systemLanguage: z.enum(['en', 'fr']),
      /** For Intl: the system's own region, as `fr-CA`. */
      locale: z.string(),
    }),
  },
  /** Whether the system says now if its network costs, and how full its battery is: where it does not, nothing rests for that. */
  'read-sensors': { ask: nothing, answer: z.strictObject({ network: z.boolean(), battery: z.boolean() }) },
  /** The system's print dialog for a page of HTML that the agent made. */
  'print-sheet': { ask: z.strictObject({ sheet: z.string().max(1024 * 1024) }), answer: z.strictObject({ isPrinted: z.boolean() }) },
  /** Where the person says, in the system's dialog; null where it was closed. */
  'save-text': {
    ask: z.strictObject({ name: z.string().max(255), text: z.string().max(4 * 1024 * 1024) }),
    answer: z.strictObject({ path: z.string().nullable() }),
  },
  'copy-text': { ask: z.strictObject({ text: secretTextSchema, isSecret: z.boolean() }), answer: nothing },
  /** How the agent fares: running, being started again, or given up after it ended too often, and why. */
  'read-agent': {
    ask: nothing,
    answer: z.strictObject({ is: z.enum(['starting', 'running', 'restarting', 'failed']), why: z.string() }),
  },
  'restart-agent': { ask: nothing, answer: nothing },
  /** What helps those who mend Cachette: of the app and of this window's vault, whether its agent runs or not. Nothing of the person's. */
  'make-report': { ask: nothing, answer: z.strictObject({ text: z.string().max(4 * 1024 * 1024) }) },
  'read-updates': { ask: nothing, answer: updatesShape },
  /** Answered once it is known how things stand. Contacts nobody where updates are off. */
  'look-for-updates': { ask: nothing, answer: nothing },
  /** Ends the app, puts the new version in its place and starts that; `now`: without waiting for a sync that writes. */
  'install-update': { ask: z.strictObject({ now: z.boolean() }), answer: nothing },
  quit: { ask: nothing, answer: nothing },
} as const;

export type ShellAct = keyof typeof shellActs;
export type ShellAsked<Act extends ShellAct> = z.output<(typeof shellActs)[Act]['ask']>;
export type ShellAnswered<Act extends ShellAct> = z.output<(typeof shellActs)[Act]['answer']>;
