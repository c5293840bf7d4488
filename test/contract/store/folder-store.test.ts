import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { openFolderStore } from '../../../src/store/folder/folder-store.ts';
import { describeStoreContract } from './store-contract.ts';

describeStoreContract('in a folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'cachette-store-'));
  const store = openFolderStore(dir, { clock: systemClock, random: systemRandom });
  return {
    store,
    close: async () => {
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
});
