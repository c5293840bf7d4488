import path from 'node:path';
import type { ServerKind } from './server-kind.ts';
import { startWebdav } from './webdav-place.ts';

/** `rclone serve webdav`: shows files while they are written, and half of one whose writer is gone. */
export const rclone: ServerKind = {
  name: 'rclone',
  packages: ['rclone'],
  needs: ['/usr/bin/rclone'],
  refusesExisting: 'one-by-one',
  start: () =>
    startWebdav(({ data, state, port, logFile, user, password }) => ({
      command: 'rclone',
      args: ['serve', 'webdav', data, '--addr', `127.0.0.1:${port}`, '--config', '/dev/null', '--cache-dir', path.join(state, 'cache')],
      env: { RCLONE_USER: user, RCLONE_PASS: password },
      logFile,
      port,
    })),
};
