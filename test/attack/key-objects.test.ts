import { describe, expect, test } from 'vitest';
import { seededRandom } from '../crypto/fixed-random.ts';
import { failureOf, KeyringWorld, passphrase, quickPrimitives, type Machine } from '../vault/keyring/keyring-world.ts';
import { isFull } from './is-full.ts';
import { bytesOf, decode, fields, type Wire } from './insider-cbor.ts';
import { Secret } from '../../src/crypto/secret.ts';
import type { SlotSecret } from '../../src/vault/keyring/slot.ts';

/** Three devices, a passphrase and a recovery key; the last list is the third. */
async function threeDevices(seed: string): Promise<{ readonly world: KeyringWorld; readonly laptop: Machine }> {
  const world = new KeyringWorld(seed);
  const laptop = await world.founder();
  for (const name of ['desk', 'phone']) await world.joined(name);
  await laptop.keyring.refresh();
  return { world, laptop };
}

/** In full some thousand starts for each test. */
const timeout = isFull ? 20 * 60_000 : 60_000;

describe('A02: one bit of a key object is changed, whichever', { timeout }, () => {
  const mutations = isFull ? 2_000 : 25;

  /** Every request of a start, with the time it was made at, and what came of it. */
  async function traceOf(world: KeyringWorld, machine: Machine, start: () => Promise<unknown>): Promise<string[]> {
    const beginMs = world.clock.nowMs();
    const calls: string[] = [];
    machine.store.hooks.before = ({ verb, name }) => void calls.push(`${world.clock.nowMs() - beginMs} ms: ${verb} ${name}`);
    const failure = await failureOf(start());
    machine.store.hooks.before = undefined;
    expect(['E_TAMPER', 'E_DOWNGRADE', 'E_KDF_BOUNDS', 'E_LIMIT', 'E_FORMAT']).toContain(failure.code);
    return calls;
  }

  test('a device that knows the vault asks the store for the same at the same times', async () => {
    const { world, laptop } = await threeDevices('oracle');
    const random = seededRandom('which bit');
    // Genesis holds nothing that is sealed: whether it still is one, everybody can tell.
    for (const name of world.names('keys/')) {
      const bytes = world.object(name);
      let first: string[] | undefined;
      for (let count = 0; count < mutations; count += 1) {
        const [a = 0, b = 0, bit = 0] = random.bytes(3);
        const at = (a * 256 + b) % bytes.length;
        world.write(
          name,
          bytes.map((byte, index) => (index === at ? byte ^ (1 << (bit % 8)) : byte)),
        );
        const trace = await traceOf(world, laptop, () => laptop.restart());
        first ??= trace;
        expect(trace, `${name}, byte ${at}`).toEqual(first);
      }
      world.write(name, bytes);
    }
    await laptop.restart();
  });

  test('so does one that joins, and it writes nothing', async () => {
    const { world } = await threeDevices('oracle for a joiner');
    const count = world.names().length;
    for (const name of world.names('keys/')) {
      const bytes = world.object(name);
      let first: string[] | undefined;
      for (let at = 0; at < bytes.length; at += isFull ? 3 : 61) {
        world.write(
          name,
          bytes.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte)),
        );
        const machine = world.machine(`joiner ${name} ${at}`);
        const trace = await traceOf(world, machine, () => machine.join(world.recovery));
        first ??= trace;
        expect(trace, `${name}, byte ${at}`).toEqual(first);
      }
      world.write(name, bytes);
    }
    expect(world.names()).toHaveLength(count);
  });
});

describe('A07: what in the store depends on the passphrase', () => {
  const other: SlotSecret = { kind: 'passphrase', passphrase: new Secret('quite another set of words here') };

  /** The very same vault, down to each random draw, made with this passphrase. How often the costly function was run. */
  async function vaultWith(secret: SlotSecret): Promise<{ readonly world: KeyringWorld; readonly costs: string[] }> {
    const costs: string[] = [];
    const world = new KeyringWorld('twins', {
      ...quickPrimitives,
      argon2id: (password, salt, cost) => {
        costs.push(`${cost.passes} passes over ${cost.memoryKib} KiB`);
        return quickPrimitives.argon2id(password, salt, cost);
      },
    });
    await world.founder('laptop', [secret, world.recovery]);
    return { world, costs };
  }

  test('only the sealed seed of its own slot does, by way of one costly derivation', async () => {
    const [one, two] = [await vaultWith(passphrase), await vaultWith(other)];
    expect(one.costs).toHaveLength(1);
    expect(one.costs, 'the cost that is asked for').toEqual(['4 passes over 524288 KiB']);
    expect(one.world.object('genesis')).toEqual(two.world.object('genesis'));
    const [mine, theirs] = [one.world, two.world].map((world) => bodyOf(world));
    expect(mine?.seeds[0]).not.toEqual(theirs?.seeds[0]);
    // The sealed seed of the recovery key's slot is the same in both, as is all else.
    expect(mine?.seeds[1]).toEqual(theirs?.seeds[1]);
    expect(mine?.rest).toEqual(theirs?.rest);
    expect(one.world.names()).toHaveLength(2);
  });

  /** The list of devices: the sealed seeds of its slots, and everything else in it. Name and signature follow from these. */
  function bodyOf(world: KeyringWorld): { readonly seeds: Wire[]; readonly rest: string } {
    const [name = ''] = world.names('keys/');
    const body = [...fields(decode(bytesOf(fields(decode(Buffer.from(world.object(name))))[0])))];
    const slots = fields(body[8]).map((slot) => [...fields(slot)]);
    const seeds = slots.map((slot) => fields(slot[6] ?? null)[1] ?? null);
    body[8] = slots.map((slot) => [...slot.slice(0, 6), fields(slot[6] ?? null)[0] ?? null]);
    return { seeds, rest: JSON.stringify(body) };
  }
});
