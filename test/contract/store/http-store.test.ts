import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../src/base/clock.ts';
import { startServer } from '../../../src/server/start-server.ts';
import { openHttpStore } from '../../../src/store/http/http-store.ts';
import { describeStoreContract } from './store-contract.ts';

describeStoreContract('of our own server', async () => {
  const rootDir = await mkdtemp(join(tmpdir(), 'cachette-server-'));
  const server = await startServer({ rootDir, host: '127.0.0.1', port: 0 });
  const { origin, username } = new URL(server.firstStoreUrl ?? '');
  const store = openHttpStore({ origin, name: 'vault', token: username, clock: systemClock });
  return {
    store,
    close: async () => {
      await store.close();
      await server.close();
      await rm(rootDir, { recursive: true });
    },
  };
});
