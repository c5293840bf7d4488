import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DeviceKeys, makeDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import { openDeviceNames } from '../../../src/vault/keyring/device-names.ts';
import { encodeGenesis, type Genesis, vaultIdOf } from '../../../src/vault/keyring/genesis.ts';
import { chainKeyLists, forkGeneration, isFairlyLost, type KeyChain } from '../../../src/vault/keyring/key-chain.ts';
import type { KeyList } from '../../../src/vault/keyring/key-list.ts';
import {
  type KeyListChange,
  type KeyListState,
  makeFirstKeyList,
  makeNextKeyList,
  type NewDevice,
} from '../../../src/vault/keyring/next-key-list.ts';
import { type ChainStart, verifyStep } from '../../../src/vault/keyring/verify-step.ts';
import { bytesOf, seededRandom } from '../../crypto/fixed-random.ts';
import { KeyringWorld } from './keyring-world.ts';

const tools = new KeyringWorld('chain').machine('tools').deps;
const { primitives } = tools;
/** In the order in which they were enrolled. */
const members = ['laptop', 'desk', 'phone', 'tablet'].map((name) => makeDeviceKeys(primitives, seededRandom(name)));
const [laptop, desk, phone, tablet] = members as [DeviceKeys, DeviceKeys, DeviceKeys, DeviceKeys];
const genesis: Genesis = { random: bytesOf('genesis', 32), device: { id: laptop.id, keys: laptop.publicKeys }, slots: [] };
const start: ChainStart = { primitives, genesis, vaultId: vaultIdOf(primitives, encodeGenesis(genesis)) };

let ground: KeyListState;
let base: readonly KeyList[];

beforeAll(() => {
  const made = makeFirstKeyList(tools, start.vaultId, { ...asNew(laptop), signingSeed: laptop.secrets.signingSeed }, []);
  const first = { list: verifyStep(start, undefined, made.list), current: made.current, names: [asNew(laptop)] };
  ground = follow(first, laptop, { addDevices: members.slice(1).map(asNew) });
  base = [first.list, ground.list];
});

function asNew(keys: DeviceKeys): NewDevice {
  return { id: keys.id, keys: keys.publicKeys, name: 'device', addedMs: 0 };
}

function fresh(seed: string): NewDevice {
  return asNew(makeDeviceKeys(primitives, seededRandom(seed)));
}

function follow(state: KeyListState, author: DeviceKeys, change: KeyListChange): KeyListState {
  const holder = { kind: 'device', id: author.id } as const;
  const { list, current } = makeNextKeyList(tools, state, { holder, signingSeed: author.secrets.signingSeed }, change);
  return { list: verifyStep(start, state.list, list), current, names: openDeviceNames(tools, list.body, current) };
}

function chain(...states: readonly KeyListState[]): KeyChain {
  return chainKeyLists(start, [...base, ...states.map(({ list }) => list)]);
}

const hashes = (lists: readonly KeyList[]): string[] => lists.map(({ hash }) => hash);

describe('of two lists with one predecessor', () => {
  test('that both add, the one with the smaller hash stands', () => {
    const one = follow(ground, laptop, { addDevices: [fresh('a')] });
    const two = follow(ground, tablet, { addDevices: [fresh('b')] });
    expect(hashes(chain(one, two).chosen.slice(2))).toEqual([one.list.hash, two.list.hash].toSorted().slice(0, 1));
  });

  test('the one that removes stands before the one that adds', () => {
    for (let round = 0; round < 8; round += 1) {
      const removal = follow(ground, tablet, { revokeDevices: [phone.id] });
      const addition = follow(ground, laptop, { addDevices: [fresh(`c${round}`)] });
      const found = chain(addition, removal);
      expect(hashes(found.chosen.slice(2))).toEqual([removal.list.hash]);
      expect(isFairlyLost(found, addition.list)).toBe(true);
      expect(isFairlyLost(chain(addition), addition.list)).toBe(true);
    }
  });

  test('that remove each other, the one by the device enrolled earlier holds', () => {
    for (let round = 0; round < 8; round += 1) {
      const elder = follow(ground, desk, { revokeDevices: [tablet.id] });
      const younger = follow(ground, tablet, { revokeDevices: [desk.id] });
      const found = chain(younger, elder);
      expect(hashes(found.chosen.slice(2))).toEqual([elder.list.hash]);
      // Whoever has seen the younger one's first can't know that it was not the true one.
      expect(isFairlyLost(found, younger.list)).toBe(false);
    }
  });
});

describe('a list that lost', () => {
  test('is forgotten without harm when it only added, and when what it removed is removed again', () => {
    const winner = follow(ground, laptop, { revokeDevices: [phone.id] });
    const loser = follow(ground, desk, { revokeDevices: [tablet.id] });
    expect(isFairlyLost(chain(winner, loser), loser.list)).toBe(false);
    const again = follow(winner, desk, { revokeDevices: [tablet.id] });
    expect(isFairlyLost(chain(winner, loser, again), loser.list)).toBe(true);
  });

  test('that began an epoch is not forgotten for a chain that has not', () => {
    const epoch = follow(ground, desk, { beginEpoch: true });
    const rival = follow(ground, laptop, { revokeDevices: [phone.id] });
    expect(isFairlyLost(chain(epoch, rival), epoch.list)).toBe(true);
    const third = follow(epoch, desk, { beginEpoch: true });
    expect(isFairlyLost(chain(epoch, rival, third), third.list)).toBe(false);
  });

  test('is not forgotten for lists of someone whom it had removed', () => {
    const removal = follow(ground, desk, { revokeDevices: [laptop.id] });
    const byRemoved = follow(ground, laptop, { revokeDevices: [tablet.id] });
    const later = follow(follow(byRemoved, desk, {}), desk, { revokeDevices: [laptop.id] });
    const found = chain(removal, byRemoved, later);
    expect(isFairlyLost(found, removal.list)).toBe(false);
  });

  test('takes what follows it along', () => {
    const [one, two] = [follow(ground, laptop, { addDevices: [fresh('a')] }), follow(ground, tablet, { addDevices: [fresh('b')] })];
    const [winner, loser] = one.list.hash < two.list.hash ? [one, two] : [two, one];
    const child = follow(loser, phone, {});
    const found = chain(child, winner, loser);
    expect(found.chosen.at(-1)?.hash).toBe(winner.list.hash);
    expect(hashes(found.lost)).toEqual([loser.list.hash, child.list.hash]);
    expect([forkGeneration(found, loser.list), forkGeneration(found, child.list)]).toEqual([2, 2]);
    expect(isFairlyLost(found, child.list)).toBe(true);
  });
});

test('a list without its predecessor waits, and one that may not follow is refused with its successors left over', () => {
  const next = follow(ground, laptop, {});
  const after = follow(next, desk, {});
  expect(hashes(chain(after).orphans)).toEqual([after.list.hash]);
  const unsigned = { ...next.list, signature: new Uint8Array(64) };
  const found = chainKeyLists(start, [...base, unsigned, after.list]);
  expect(found.refused).toMatchObject([{ failure: { code: 'E_UNTRUSTED_DEVICE' } }]);
  expect([found.chosen.length, found.orphans.length]).toEqual([2, 1]);
});

test('the same lists give the same chain in whatever order they come', () => {
  const removal = follow(ground, tablet, { revokeDevices: [phone.id] });
  const rival = follow(ground, desk, { revokeDevices: [tablet.id] });
  const additions = ['d', 'e', 'f'].map((seed) => follow(ground, laptop, { addDevices: [fresh(seed)] }));
  const later = [
    follow(removal, laptop, {}),
    follow(rival, laptop, {}),
    follow(additions[0]!, desk, {}),
    follow(rival, phone, { beginEpoch: true }),
  ];
  const all = [...base, ...[removal, rival, ...additions, ...later].map(({ list }) => list)];
  const expected = chainKeyLists(start, all);
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (lists) => {
      const found = chainKeyLists(start, lists);
      expect(hashes(found.chosen)).toEqual(hashes(expected.chosen));
      expect(hashes(found.lost).toSorted()).toEqual(hashes(expected.lost).toSorted());
    }),
    { numRuns: 30 },
  );
});
