import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { MemoryStore } from '../../world/memory-store.ts';
import { describeStoreContract } from './store-contract.ts';

describeStoreContract('in memory', async () => {
  const store = new MemoryStore({ clock: systemClock, random: systemRandom });
  return { store, close: () => store.close() };
});
