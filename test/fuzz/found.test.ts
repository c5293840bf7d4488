import { expect, test } from 'vitest';
import { decodeStrict, encode, type CborValue } from '../../src/vault/cbor.ts';
import { parseGenesis } from '../../src/vault/keyring/genesis.ts';
import { parseKeyList } from '../../src/vault/keyring/key-list-wire.ts';
import { sodium } from '../crypto/providers.ts';
import { failureCode } from '../crypto/failure-code.ts';
import { KeyringWorld } from '../vault/keyring/keyring-world.ts';

/** What `npm run fuzz` found, each as its smallest input. */
test.each([null, true, new Uint8Array(), Uint8Array.of(1), []])('a version that is no number is no version: %j', async (version) => {
  const world = new KeyringWorld('found');
  await world.founder();
  const genesis = decodeStrict(world.object('genesis'), 100_000) as CborValue[];
  expect(failureCode(() => parseGenesis(sodium, encode(genesis.with(0, version))))).toBe('E_FORMAT');
  const [body, signature] = decodeStrict(world.object(world.names('keys/')[0] ?? ''), 100_000) as [Uint8Array, Uint8Array];
  const fields = decodeStrict(body, 100_000) as CborValue[];
  expect(failureCode(() => parseKeyList(sodium, encode([encode(fields.with(0, version)), signature])))).toBe('E_FORMAT');
});
