import type { Preferences, VaultRow } from '../../../src/control/acts/shell-acts.ts';
import { sayIn } from '../../../src/desktop/main/messages.ts';
import { yes, type ShellAnswers } from './scene.ts';
import { ago } from './usual-agent.ts';

export const usualPreferences: Preferences = {
  theme: 'system',
  language: 'system',
  textSize: 100,
  startsAtLogin: true,
  notifies: true,
  pausesOnMetered: true,
  pausesOnLowBattery: false,
  looksForUpdates: true,
  schedule: null,
};

export const usualVault: VaultRow = { vault: 1, name: 'Cachette', folder: '/home/ana/Cachette', state: 'synced', says: 'Up to date' };

/** Where there are more, each in another state, and in the words of the desktop. */
export function someVaults(language: 'en' | 'fr'): Partial<ShellAnswers> {
  const say = sayIn(language);
  const rows: readonly VaultRow[] = [
    { ...usualVault, says: say('state.synced') },
    { vault: 2, name: 'Work', folder: '/home/ana/Work', state: 'attention', says: say('state.trouble', { conflicts: 2, problems: 1 }) },
    {
      vault: 3,
      name: 'photos/raw',
      folder: '/media/ana/A disk with a long name/photos/raw',
      state: 'syncing',
      says: say('state.items-left', { items: 412 }),
    },
    { vault: 4, name: 'x\u202Egpj.exe', folder: '/home/ana/x\u202Egpj.exe', state: 'paused', says: say('state.paused') },
    { vault: 5, name: 'Vault 5', folder: null, state: 'offline', says: say('state.starting') },
  ];
  return { 'list-vaults': () => yes({ here: 1, rows: [...rows] }) };
}

const done = (): ReturnType<ShellAnswers['quit']> => yes({});

/** A desktop where all is well. */
export const usualShell: ShellAnswers = {
  'pick-folder': () => yes({ picked: { id: 'pick:other', path: '/media/ana/backup/cachette' } }),
  'usual-folder': () => yes({ picked: { id: 'pick:usual', path: '/home/ana/Cachette' } }),
  'open-folder': done,
  'show-item': done,
  'open-item': done,
  'open-window': done,
  'close-window': done,
  'list-vaults': () => yes({ here: 1, rows: [usualVault] }),
  'switch-vault': done,
  'add-vault': done,
  'remove-vault': done,
  'read-preferences': () => yes(usualPreferences),
  'change-preferences': (changes) => yes({ ...usualPreferences, ...changes } as Preferences),
  'read-surroundings': () =>
    yes({
      hasTray: true,
      canNotify: true,
      canStartAtLogin: true,
      platform: 'linux',
      versions: { cachette: '0.1.0', electron: '45.4.1', chromium: '156.0.1', node: '24.21.0' },
      systemLanguage: 'en',
      locale: 'en-GB',
    }),
  'read-sensors': () => yes({ network: true, battery: false }),
  'print-sheet': () => yes({ isPrinted: true }),
  'save-text': ({ name }) => yes({ path: `/home/ana/${name}` }),
  'copy-text': done,
  'read-agent': () => yes({ is: 'running', why: '' }),
  'restart-agent': done,
  'make-report': () =>
    yes({ text: 'app 0.1.0, electron 45.4.1, linux x64, packaged, tray\nvault 1: agent running\n\ncachette 0.1.0\nstate synced\n' }),
  'read-updates': () => yes({ is: 'current', at: ago(12) }),
  'look-for-updates': done,
  'install-update': done,
  quit: done,
};
