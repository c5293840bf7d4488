import type { WebdavConnection } from './webdav-connection.ts';
import { stagingFolder } from './webdav-paths.ts';

/** Much longer than any request: nobody can still be about to move what is older. */
const staleAfterMs = 24 * 60 * 60 * 1000;
/** In one go; the rest is for the next. */
const maxDeletions = 100;

/**
 * Removes what was left in the staging folder by senders that are long gone. Ages are told by the server's clock alone. Best effort: where
 * it fails, the next one does it.
 */
export async function sweepStaging(connection: WebdavConnection, signal: AbortSignal | undefined): Promise<void> {
  try {
    const found = await connection.find(`${stagingFolder}/`, { depth: 1, withTimes: true, signal });
    const nowMs = Date.parse(found?.date ?? '');
    const stale = found?.entries.filter(({ name, isFolder, modified }) => {
      return !isFolder && /^[0-9a-f]{32}$/.test(name) && nowMs - Date.parse(modified ?? '') > staleAfterMs;
    });
    for (const { name } of stale?.slice(0, maxDeletions) ?? []) {
      await connection.ask({ method: 'DELETE', path: `${stagingFolder}/${name}`, signal });
    }
  } catch {
    // The object that was just sent matters, not what others left.
  }
}
