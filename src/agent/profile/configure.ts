import { Failure } from '../../base/failure.ts';
import { changeIndex, type IndexPlace } from './change-index.ts';
import { changeSettings } from './change-settings.ts';
import {
  configNames,
  configNumber,
  configValue,
  parseConfigName,
  withConfigValue,
  type ConfigName,
  type ConfigValues,
} from './config-values.ts';
import { lookInto } from '../folder/look-into.ts';
import { requireUsableConfig } from './require-usable-config.ts';
import { readRetention, retentionDefaultDays, wishRetention } from '../past/retention.ts';
import { ProfileFolder } from './profile-folder.ts';
import { readSettings, type Settings } from './settings.ts';

/** A setting and what holds now; null where nothing limits or is set. */
export interface ListedSetting {
  readonly key: ConfigName;
  readonly value: string | number | null;
  /** Whether a person set it. */
  readonly isSet: boolean;
}

/** All settings of this device. */
export async function listSettings(profileDir: string): Promise<ListedSetting[]> {
  const { config } = await openSettings(profileDir);
  return Promise.all(configNames.map((key) => listed(profileDir, config, key)));
}

/** One setting. Throws E_USAGE where there is none of that name. */
export async function getSetting(profileDir: string, key: string): Promise<ListedSetting> {
  const name = parseConfigName(key);
  const { config } = await openSettings(profileDir);
  return listed(profileDir, config, name);
}

/** Changes a setting; holds from the next run on. Throws E_USAGE where the value can't be. */
export async function setSetting(place: IndexPlace, key: string, text: string): Promise<void> {
  const name = parseConfigName(key);
  const folder = new ProfileFolder(place.profileDir);
  await folder.check();
  if (name === 'retention.days') {
    const days = configNumber(withConfigValue({}, name, text), name) ?? retentionDefaultDays;
    await changeIndex(place, (index) => {
      wishRetention(index, days);
    });
    return;
  }
  await requireUsableConfig(withConfigValue({}, name, text));
  await changeSettings(folder, (settings) => ({ ...settings, config: withConfigValue(settings.config, name, text) }));
}

async function listed(profileDir: string, config: ConfigValues, key: ConfigName): Promise<ListedSetting> {
  if (key !== 'retention.days') return { key, value: configValue(config, key) ?? null, isSet: config[key] !== undefined };
  const { days, isSet } = await lookInto(profileDir, ({ index }) => readRetention(index)).catch(withoutIndex);
  return { key, value: days, isSet };
}

function withoutIndex(error: unknown): ReturnType<typeof readRetention> {
  if (!(error instanceof Failure) || error.code !== 'E_NOT_FOUND') throw error;
  return { days: retentionDefaultDays, isSet: false };
}

async function openSettings(profileDir: string): Promise<Settings> {
  const folder = new ProfileFolder(profileDir);
  await folder.check();
  return readSettings(folder);
}
