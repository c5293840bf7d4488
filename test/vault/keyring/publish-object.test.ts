import { expect, test } from 'vitest';
import { utf8 } from '../../../src/base/bytes.ts';
import { publishObject } from '../../../src/vault/keyring/publish-object.ts';
import { expectFailure, KeyringWorld } from './keyring-world.ts';

const name = `keys/000001-${'ab'.repeat(8)}`;
const bytes = utf8('the object');

test('an object is stored, again as often as wanted', async () => {
  const { deps } = new KeyringWorld('publish').machine('laptop');
  expect(await publishObject(deps, name, bytes)).toBe('stored');
  expect(await publishObject(deps, name, bytes)).toBe('stored');
});

test.each([utf8('the objeKt'), utf8('the object and more'), utf8('else')])('a name that holds other bytes is taken', async (other) => {
  const world = new KeyringWorld('taken');
  world.write(name, other);
  for (const onExisting of ['refuse', 'keep'] as const) {
    const { deps, store } = world.machine('laptop');
    store.faults.onExisting = onExisting;
    expect(await publishObject(deps, name, bytes)).toBe('taken');
  }
});

test('a store that never says whether it keeps anything is away, one that says so and does not is wrong', async () => {
  const world = new KeyringWorld('silent');
  const { deps, store } = world.machine('laptop');
  Object.assign(store.faults, { lateDelivery: 1, lateMs: 3_600_000 });
  await expectFailure(publishObject(deps, name, bytes), 'E_STORE_UNREACHABLE');
  Object.assign(store.faults, { lateDelivery: 0, dropWrite: 1 });
  await expectFailure(publishObject(deps, name, bytes), 'E_STORE_BEHAVIOUR');
});

test('an object that is half there, or arrives after the answer, is waited for', async () => {
  for (const faults of [{ halfVisible: 1, halfVisibleMs: 2_000 }, { lateDelivery: 1, lateMs: 2_000 }, { staleGetMs: 1_000 }]) {
    const { deps, store } = new KeyringWorld(`late ${Object.keys(faults).join()}`).machine('laptop');
    Object.assign(store.faults, faults);
    expect(await publishObject(deps, name, bytes)).toBe('stored');
  }
});
