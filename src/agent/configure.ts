import { configNames, configValue, parseConfigName, withConfigValue, type ConfigName } from './config-values.ts';
import { ProfileFolder } from './profile-folder.ts';
import { readSettings, writeSettings, type Settings } from './settings.ts';

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
  return configNames.map((key) => ({ key, value: configValue(config, key) ?? null, isSet: config[key] !== undefined }));
}

/** One setting. Throws E_USAGE where there is none of that name. */
export async function getSetting(profileDir: string, key: string): Promise<ListedSetting> {
  const name = parseConfigName(key);
  const { config } = await openSettings(profileDir);
  return { key: name, value: configValue(config, name) ?? null, isSet: config[name] !== undefined };
}

/** Changes a setting; holds from the next run on. Throws E_USAGE where the value can't be. */
export async function setSetting(profileDir: string, key: string, text: string): Promise<void> {
  const name = parseConfigName(key);
  const folder = new ProfileFolder(profileDir);
  const settings = await openSettings(profileDir);
  await writeSettings(folder, { ...settings, config: withConfigValue(settings.config, name, text) });
}

async function openSettings(profileDir: string): Promise<Settings> {
  const folder = new ProfileFolder(profileDir);
  await folder.check();
  return readSettings(folder);
}
