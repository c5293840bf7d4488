import fs from 'node:fs';
import { openLog } from './log-file.ts';
import { ProfileFolder } from './profile-folder.ts';

/** Writes down where a fault of this program showed, in the log of the profile where there is one. Never throws. */
export function noteBug(profileDir: string, error: unknown): void {
  const folder = new ProfileFolder(profileDir);
  if (!fs.existsSync(folder.file('settings'))) return;
  const log = openLog(folder.file('log'));
  log.failure('bug', error);
  log.close();
}
