import type { Preferences } from '../../../src/control/acts/shell-acts.ts';
import { yes, type ShellAnswers } from './scene.ts';
import { ago } from './usual-agent.ts';

export const usualPreferences: Preferences = {
  theme: 'system',
  language: 'system',
  startsAtLogin: true,
  notifies: true,
  pausesOnMetered: true,
  pausesOnLowBattery: false,
  looksForUpdates: true,
  schedule: null,
};

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
  'print-sheet': () => yes({ isPrinted: true }),
  'save-text': ({ name }) => yes({ path: `/home/ana/${name}` }),
  'copy-text': done,
  'read-agent': () => yes({ is: 'running', why: '' }),
  'restart-agent': done,
  'read-updates': () => yes({ is: 'current', at: ago(12) }),
  'look-for-updates': done,
  'install-update': done,
  quit: done,
};
