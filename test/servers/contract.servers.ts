import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openStore } from '../../src/store/open-store.ts';
import { parseStoreUrl } from '../../src/store/parse-store-url.ts';
import { describeStoreContract } from '../contract/store/store-contract.ts';
import { describeServers } from './describe-servers.ts';

const once = { tries: 1, firstDelayMs: 0, maxDelayMs: 0, totalMs: 0 };

describeServers((kind, server) => {
  describeStoreContract(
    `at ${kind.name}`,
    async () => {
      const location = parseStoreUrl(await server().newStoreUrl());
      const store = await openStore(location, { clock: systemClock, random: systemRandom, retry: once, createFolder: true });
      return { store, close: () => store.close() };
    },
    kind,
  );
});
