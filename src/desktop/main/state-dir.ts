/** Where the desktop keeps what is its own (windows' places, preferences, Chromium's files): beside no vault's keys. */
import { createHash } from 'node:crypto';
import path from 'node:path';

/** One for each profile: two profiles are two programs. `appData`: the system's place for such things. */
export function stateDirFor(appData: string, profileDir: string, usualProfileDir: string): string {
  const base = path.join(appData, 'cachette-desktop');
  if (profileDir === usualProfileDir) return path.join(base, 'default');
  return path.join(base, createHash('sha256').update(profileDir).digest('hex').slice(0, 16));
}
