import path from 'node:path';
import { Failure } from '../base/failure.ts';

/** What decides where application data lives. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Where a profile stands unless it is said otherwise: the platform's place for application data. E_USAGE where nobody knows
 * it: keys must not end up in whatever folder a command is run in.
 */
export function defaultProfileDir(surroundings: Surroundings): string {
  const dir = applicationData(surroundings);
  if (path.isAbsolute(dir)) return dir;
  throw new Failure('E_USAGE', 'there is no home folder to keep the profile in', {
    action: 'set HOME to an absolute path, or give --profile or CACHETTE_PROFILE',
  });
}

function applicationData({ platform, home, env }: Surroundings): string {
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Cachette');
  if (platform === 'win32') return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'Cachette');
  // Relative paths in XDG_* are to be ignored (XDG Base Directory Specification).
  const xdg = env['XDG_DATA_HOME'] ?? '';
  return path.join(path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'share'), 'cachette');
}
