import { afterAll, beforeAll } from 'vitest';

import { systemClock } from '../../../src/base/clock.ts';
import { parseStoreUrl } from '../../../src/store/parse-store-url.ts';
import { placeS3 } from '../../../src/store/s3/s3-place.ts';
import { openS3Store } from '../../../src/store/s3/s3-store.ts';
import { s3rver } from '../../servers/s3rver.ts';
import type { ServerUnderTest } from '../../servers/server-kind.ts';
import { describeStoreContract } from './store-contract.ts';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await s3rver.start();
});
afterAll(() => server.stop());

describeStoreContract(
  'of S3, at a poor service',
  async () => {
    const { address, credentials } = parseStoreUrl(await server.newStoreUrl());
    if (address.kind !== 's3' || credentials?.kind !== 'key-pair') throw new Error('not an S3 store');
    const store = openS3Store({ place: placeS3(address), keys: credentials, clock: systemClock });
    return { store, close: () => store.close() };
  },
  s3rver,
);
