import type { Preferences } from '../../src/control/acts/shell-acts.ts';

/** Preferences of somebody who has everything looked after; not what the app begins with. */
export const somePreferences: Preferences = {
  theme: 'system',
  language: 'system',
  textSize: 100,
  startsAtLogin: false,
  notifies: true,
  pausesOnMetered: true,
  pausesOnLowBattery: true,
  looksForUpdates: true,
  schedule: null,
};
