/** What windows ask of the desktop itself. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { app, clipboard, dialog, Notification, type IpcMainInvokeEvent } from 'electron';
import {
  shellActs,
  type PreferenceChanges,
  type Preferences,
  type ShellAct,
  type ShellAnswered,
  type ShellAsked,
  type VaultRow,
} from '../../control/acts/shell-acts.ts';
import { canStartAtLogin } from './login-item.ts';
import { knownLocale, systemLanguage } from './messages.ts';
import type { PickBook } from './pick-book.ts';
import { printSheet } from './print-sheet.ts';
import { findTray, probeSystem } from './probe-system.ts';
import type { Say } from './tray-menu.ts';
import type { UpdateKeeper } from './updates/update-keeper.ts';
import type { Vault } from './vaults/vault.ts';
import type { WindowBook } from './window-book.ts';

/** What the answers are made of. */
export interface ShellParts {
  readonly windows: WindowBook;
  readonly picks: PickBook;
  readonly say: () => Say;
  /** The one that the window is about that asks. Throws E_NOT_FOUND. */
  readonly vaultOf: (event: IpcMainInvokeEvent) => Vault;
  readonly vaults: VaultActs;
  readonly preferences: { readonly now: Preferences };
  readonly changePreferences: (changes: PreferenceChanges) => Preferences;
  /** Where the synced folder would usually be. */
  readonly usualFolder: () => string;
  readonly updates: Pick<UpdateKeeper, 'told' | 'look' | 'install'>;
  /** Of the app and of a vault. */
  readonly report: (vault: Vault) => Promise<string>;
  readonly quit: () => void;
}

/** What is done about vaults, for the window that asks. */
export interface VaultActs {
  readonly list: () => readonly VaultRow[];
  readonly turn: (event: IpcMainInvokeEvent, asked: ShellAsked<'switch-vault'>) => void;
  readonly add: () => void;
  readonly remove: (vault: number) => Promise<void>;
}

type Answers = {
  readonly [Act in ShellAct]: (asked: ShellAsked<Act>, event: IpcMainInvokeEvent) => ShellAnswered<Act> | Promise<ShellAnswered<Act>>;
};

/** A secret does not stay in the clipboard. */
const clipboardMs = 60_000;

export function shellAnswers(parts: ShellParts): (act: ShellAct, asked: unknown, event: IpcMainInvokeEvent) => Promise<unknown> {
  const answers: Answers = {
    ...folderAnswers(parts),
    ...windowAnswers(parts),
    ...vaultAnswers(parts),
    ...updateAnswers(parts),
    ...systemAnswers(parts),
  };
  return async (act, asked, event) => {
    // The answer to that very act: more than the compiler can follow.
    const answer = answers[act] as (asked: unknown, event: IpcMainInvokeEvent) => unknown;
    return shellActs[act].answer.parse(await answer(asked, event));
  };
}

type FolderAct = 'pick-folder' | 'usual-folder' | 'open-folder' | 'show-item' | 'open-item';

function folderAnswers({ picks, windows, say, vaultOf, usualFolder }: ShellParts): Pick<Answers, FolderAct> {
  return {
    'pick-folder': async ({ for: purpose }, { sender }) => {
      const options = {
        title: say()(`dialog.pick-${purpose}`),
        buttonLabel: say()('dialog.choose'),
        properties: ['openDirectory' as const, 'createDirectory' as const],
      };
      const window = windows.find(sender);
      const { filePaths } = window === undefined ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
      const [picked] = filePaths;
      return { picked: picked === undefined ? null : picks.add(picked) };
    },
    'usual-folder': () => ({ picked: picks.add(usualFolder()) }),
    'open-folder': async (_asked, event) => {
      await vaultOf(event).opener.openFolder();
      return {};
    },
    'show-item': async ({ path: at }, event) => {
      await vaultOf(event).opener.showItem(at);
      return {};
    },
    'open-item': async ({ path: at }, event) => {
      await vaultOf(event).opener.openItem(at);
      return {};
    },
  };
}

type WindowAct = 'open-window' | 'close-window' | 'read-preferences' | 'change-preferences' | 'read-agent' | 'restart-agent' | 'quit';

function windowAnswers({ windows, preferences, changePreferences, vaultOf, quit }: ShellParts): Pick<Answers, WindowAct> {
  return {
    'open-window': (showing, event) => {
      windows.show({ ...showing, vault: vaultOf(event).number });
      return {};
    },
    'close-window': (_asked, { sender }) => {
      const window = windows.find(sender);
      if (window !== undefined) windows.close(window);
      return {};
    },
    'read-preferences': () => preferences.now,
    'change-preferences': (changes) => changePreferences(changes),
    'read-agent': (_asked, event) => vaultOf(event).condition,
    'restart-agent': (_asked, event) => {
      vaultOf(event).restartAgent();
      return {};
    },
    quit: () => {
      quit();
      return {};
    },
  };
}

type VaultAct = 'list-vaults' | 'switch-vault' | 'add-vault' | 'remove-vault';

function vaultAnswers({ vaultOf, vaults }: ShellParts): Pick<Answers, VaultAct> {
  return {
    'list-vaults': (_asked, event) => ({ here: vaultOf(event).number, rows: [...vaults.list()] }),
    'switch-vault': (asked, event) => {
      vaults.turn(event, asked);
      return {};
    },
    'add-vault': () => {
      vaults.add();
      return {};
    },
    'remove-vault': async ({ vault }) => {
      await vaults.remove(vault);
      return {};
    },
  };
}

type UpdateAct = 'read-updates' | 'look-for-updates' | 'install-update';

function updateAnswers({ updates }: ShellParts): Pick<Answers, UpdateAct> {
  return {
    'read-updates': () => updates.told,
    'look-for-updates': async () => {
      await updates.look();
      return {};
    },
    'install-update': (wish) => {
      updates.install(wish);
      return {};
    },
  };
}

type SystemAct = 'read-surroundings' | 'read-sensors' | 'make-report' | 'print-sheet' | 'save-text' | 'copy-text';

function systemAnswers({ windows, vaultOf, report }: ShellParts): Pick<Answers, SystemAct> {
  return {
    'read-surroundings': async () => ({
      hasTray: (await findTray()) !== undefined,
      canNotify: Notification.isSupported(),
      canStartAtLogin: canStartAtLogin(),
      platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
      versions: {
        cachette: app.getVersion(),
        electron: process.versions.electron,
        chromium: process.versions.chrome,
        node: process.versions.node,
      },
      systemLanguage: systemLanguage(app.getLocale()),
      locale: knownLocale([app.getSystemLocale(), app.getLocale()]),
    }),
    'read-sensors': async () => {
      const { isMetered, batteryPercent } = await probeSystem(Date.now());
      return { network: isMetered !== undefined, battery: batteryPercent !== undefined };
    },
    'make-report': async (_asked, event) => ({ text: await report(vaultOf(event)) }),
    'print-sheet': async ({ sheet }) => ({ isPrinted: await printSheet(sheet) }),
    'save-text': async ({ name, text }, { sender }) => {
      const options = { defaultPath: path.join(app.getPath('documents'), path.basename(name)) };
      const window = windows.find(sender);
      const { filePath } = window === undefined ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
      if (filePath === '') return { path: null };
      await fs.writeFile(filePath, text, { mode: 0o600 });
      return { path: filePath };
    },
    'copy-text': async ({ text, isSecret }) => {
      // Electron 45 answers later, Electron 33 at once: both can be awaited.
      await clipboard.writeText(text);
      if (isSecret) setTimeout(() => void forget(text), clipboardMs).unref();
      return {};
    },
  };
}

async function forget(text: string): Promise<void> {
  if ((await clipboard.readText()) === text) clipboard.clear();
}
