import { expect, test } from 'vitest';

import { toHttpTrouble } from '../../src/store/http/http-failure.ts';
import { StoreOffline } from '../../src/store/store-offline.ts';

test.for([
  ['ENOTFOUND', true, false],
  ['ENETUNREACH', true, false],
  ['ECONNREFUSED', false, false],
  ['ECONNRESET', false, true],
  ['ETIMEDOUT', false, true],
] as const)('%s: without network %s, sent %s', ([code, isOffline, wasSent]) => {
  const trouble = toHttpTrouble(Object.assign(new Error('with a secret'), { code }), { host: 'store.example', proxyHost: undefined });
  expect(trouble.failure).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  expect(trouble.failure.message).not.toContain('secret');
  expect([trouble.failure instanceof StoreOffline, trouble.wasSent]).toEqual([isOffline, wasSent]);
});
