/** What a person prefers of the desktop; kept beside the windows' places, not in a vault's profile. */
import { preferenceChangesShape, type PreferenceChanges, type Preferences } from '../../control/acts/shell-acts.ts';
import { StateFile } from './state-file.ts';

const usual: Preferences = {
  theme: 'system',
  language: 'system',
  textSize: 100,
  startsAtLogin: false,
  notifies: true,
  pausesOnMetered: false,
  pausesOnLowBattery: false,
  looksForUpdates: true,
  schedule: null,
};

export class PreferenceBook {
  readonly #file: StateFile<PreferenceChanges>;
  #now: Preferences;

  constructor(file: string) {
    this.#file = new StateFile(file, preferenceChangesShape);
    this.#now = changed(usual, this.#file.read() ?? {});
  }

  get now(): Preferences {
    return this.#now;
  }

  change(changes: PreferenceChanges): Preferences {
    this.#now = changed(this.#now, changes);
    this.#file.write(this.#now);
    return this.#now;
  }
}

function changed(preferences: Preferences, changes: PreferenceChanges): Preferences {
  const said = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return { ...preferences, ...said };
}
