import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import type { SeenVector } from '../../../src/model/change.ts';
import { parseId } from '../../../src/model/ids.ts';
import { approveByCode, type ApprovedDevice } from '../../../src/vault/enrolment/approve-by-code.ts';
import { collectEnrolments } from '../../../src/vault/enrolment/collect-enrolments.ts';
import { enrolByCode } from '../../../src/vault/enrolment/enrol-by-code.ts';
import { makeEnrolmentCode, parseEnrolmentCode } from '../../../src/vault/enrolment/enrolment-code.ts';
import { findSession, makeSession, messageName } from '../../../src/vault/enrolment/enrolment-names.ts';
import type { Keyring } from '../../../src/vault/keyring/keyring.ts';
import { pinFormat, type Pin } from '../../../src/vault/pin/pin.ts';
import { seededRandom } from '../../crypto/fixed-random.ts';
import { otherCode } from './other-code.ts';
import { KeyringWorld, quickPrimitives, type Machine } from '../keyring/keyring-world.ts';

const seen: SeenVector = new Map([[parseId('DeviceId', 'ab'.repeat(16)), { counter: 7, hash: parseId('EntryHash', 'cd'.repeat(32)) }]]);

interface Enrolling {
  /** The code that is shown. */
  readonly code: Promise<string>;
  readonly keyring: Promise<Keyring>;
  readonly pinned: () => SeenVector | undefined;
}

function enrol(machine: Machine, signal?: AbortSignal): Enrolling {
  const { promise: code, resolve } = Promise.withResolvers<string>();
  let pinned: SeenVector | undefined;
  const keyring = enrolByCode(
    { ...machine.deps, signal },
    {
      own: machine.own,
      deviceName: machine.name,
      ...machine.disk(),
      pinSeen: async (vector) => {
        pinned = vector;
        await Promise.resolve();
      },
      show: ({ text }) => {
        resolve(text.reveal());
      },
    },
  );
  keyring.catch(() => {});
  return { code, keyring, pinned: () => pinned };
}

function approve(machine: Machine, text: string): Promise<ApprovedDevice> {
  const { keyring, deps, own } = machine;
  const pin: Pin = { vaultId: keyring.vaultId, format: pinFormat, vector: seen, ...keyring.pin, checkpoint: undefined };
  return approveByCode(deps, keyring, { own, code: parseEnrolmentCode(deps.primitives, text), pin });
}

describe('a code', () => {
  test('is read in any case and grouping; a wrong symbol is found before anything is sent', () => {
    const { text, secret, place } = makeEnrolmentCode(quickPrimitives, seededRandom('code'));
    const shown = text.reveal();
    expect(shown).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    for (const typed of [shown, shown.toLowerCase(), shown.replaceAll('-', ' '), ` ${shown.replaceAll('-', '')}\n`]) {
      const code = parseEnrolmentCode(quickPrimitives, typed);
      expect([code.place, ...code.secret.reveal()]).toEqual([place, ...secret.reveal()]);
    }
    for (const typed of [
      '',
      shown.slice(1),
      `${shown}0`,
      shown.replace(/.$/, 'U'),
      shown.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ]) {
      expect(() => parseEnrolmentCode(quickPrimitives, typed)).toThrow(expect.objectContaining({ code: 'E_CODE' }) as Error);
    }
    expect(String(text)).toBe('[secret]');
  });

  test('the store sees where a device waits, and nothing else of it', async () => {
    const world = new KeyringWorld('code in store');
    await world.founder();
    const phone = world.machine('Canary-Phone');
    const { code } = enrol(phone);
    const text = (await code).replaceAll('-', '').toLowerCase();
    const names = world.names('enrol/');
    expect(names.map((name) => findSession(name)?.place)).toEqual([text.slice(0, 3)]);
    const everything = Buffer.from(concatBytes(names.map((name) => world.object(name)))).toString('latin1') + names.join();
    expect(everything.toLowerCase()).not.toContain(text.slice(3, 11));
    expect(everything).not.toContain('Canary');
  });
});

describe('a new device', () => {
  test('is let in, believes only what the approving device has seen, and leaves nothing in the store', async () => {
    const world = new KeyringWorld('let in');
    const laptop = await world.founder();
    const phone = world.machine('phone');
    const { code, keyring, pinned } = enrol(phone);
    expect(await approve(laptop, await code)).toEqual({ id: phone.own.id, name: 'phone' });
    const entered = await keyring;
    expect(entered.devices.map(({ name, addedBy }) => `${name} ${addedBy.kind}`)).toEqual(['laptop device', 'phone device']);
    expect(pinned()).toEqual(seen);
    expect(phone.pin).toEqual(laptop.pin);
    expect(entered.epochKeys(1).chunkIdKey).toEqual(laptop.keyring.epochKeys(1).chunkIdKey);
    expect(world.names('enrol/')).toEqual([]);
    await phone.restart();
  });

  test('a vault without any slot takes it in; its name is made free', async () => {
    const world = new KeyringWorld('no slots');
    const laptop = await world.founder('laptop', []);
    const second = world.machine('second');
    Object.assign(second, { name: 'laptop' });
    const { code, keyring } = enrol(second);
    expect(await approve(laptop, await code)).toMatchObject({ name: 'laptop (2)' });
    await keyring;
  });

  test('two at once, each by its own code, approved by two devices at once', async () => {
    const world = new KeyringWorld('two at once');
    const [laptop, desk] = [await world.founder(), await world.joined('desk')];
    const [phone, tablet] = [world.machine('phone'), world.machine('tablet')];
    const waiting = [enrol(phone), enrol(tablet)] as const;
    await Promise.all([approve(laptop, await waiting[0].code), approve(desk, await waiting[1].code)]);
    await Promise.all(waiting.map(async ({ keyring }) => keyring));
    await laptop.keyring.refresh();
    expect(laptop.deviceNames()).toEqual(['desk', 'laptop', 'phone', 'tablet']);
    expect(world.names('enrol/')).toEqual([]);
  });

  test('over stores that show halves, list late, deliver late and twice', async () => {
    for (const faults of [
      { halfVisible: 0.5, halfVisibleMs: 500 },
      { staleListMs: 3_000 },
      { lateDelivery: 0.3, lateMs: 700 },
      { duplicate: 1, lateMs: 10 },
    ]) {
      const world = new KeyringWorld(`poor ${JSON.stringify(faults)}`);
      const laptop = await world.founder();
      const phone = world.machine('phone');
      for (const { store } of [laptop, phone]) Object.assign(store.faults, faults);
      const { code, keyring } = enrol(phone);
      await approve(laptop, await code);
      expect((await keyring).devices.map(({ name }) => name)).toEqual(['laptop', 'phone']);
    }
  });

  test('nobody approves: ten minutes, then nothing is left of it', async () => {
    const world = new KeyringWorld('nobody');
    await world.founder();
    const before = world.names();
    const startMs = world.clock.monotonicMs();
    await expect(enrol(world.machine('phone')).keyring).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    expect(world.clock.monotonicMs() - startMs).toBeLessThan(11 * 60_000);
    expect(world.names()).toEqual(before);
  });

  test('given up by a person: nothing is left of it, and nothing waits under its code', async () => {
    const world = new KeyringWorld('given up');
    const laptop = await world.founder();
    const before = world.names();
    const stopping = new AbortController();
    const { code, keyring } = enrol(world.machine('phone'), stopping.signal);
    const text = await code;
    stopping.abort(new Error('Ctrl-C'));
    await expect(keyring).rejects.toThrow('Ctrl-C');
    expect(world.names()).toEqual(before);
    await expect(approve(laptop, text)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  test('either one vanishes in the middle: the other one ends, and what is left is collected after a day', async () => {
    for (const vanishing of ['phone', 'laptop'] as const) {
      for (const step of ['01', '04', '09', '18', '20']) {
        const world = new KeyringWorld(`${vanishing} vanishes at ${step}`);
        const laptop = await world.founder();
        const phone = world.machine('phone');
        const gone = vanishing === 'phone' ? phone : laptop;
        let isGone = false;
        gone.store.hooks.before = async ({ name }) => {
          isGone ||= name.endsWith(`-${step}`);
          // A process that was killed asks for nothing any more.
          if (isGone) await new Promise(() => {});
        };
        const { code, keyring } = enrol(phone);
        const approved = approve(laptop, await code);
        approved.catch(() => {});
        await expect(vanishing === 'phone' ? approved : keyring).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
        const desk = await world.joined('desk');
        expect(desk.deviceNames()).toEqual(['desk', 'laptop']);
        await collectEnrolments(desk.deps);
        await world.clock.sleep(25 * 60 * 60_000);
        await collectEnrolments(desk.deps);
        expect(world.names('enrol/')).toEqual([]);
      }
    }
  });

  test('only what enrolments left is collected, and only when it is old', async () => {
    const world = new KeyringWorld('collect');
    const laptop = await world.founder();
    const nowMs = world.clock.nowMs();
    const fresh = messageName(makeSession(seededRandom('a'), 'abc', nowMs - 60_000), 0);
    const old = messageName(makeSession(seededRandom('b'), 'abc', nowMs - 25 * 60 * 60_000), 3);
    const future = messageName(makeSession(seededRandom('c'), 'abc', nowMs + 25 * 60 * 60_000), 3);
    for (const name of [fresh, old, future, 'enrol/something-else', 'other']) world.write(name, Uint8Array.of(1));
    await collectEnrolments(laptop.deps);
    expect(world.names().filter((name) => !/^(?:genesis|keys)/.test(name))).toEqual([fresh, 'enrol/something-else', 'other'].toSorted());
  });
});

describe('a code that does not match', () => {
  test('a symbol typed wrong: both end, nobody is let in, the code is worth nothing any more', async () => {
    const world = new KeyringWorld('mistyped');
    const laptop = await world.founder();
    const before = world.names();
    const { code, keyring } = enrol(world.machine('phone'));
    const text = await code;
    await expect(approve(laptop, otherCode(quickPrimitives, text))).rejects.toMatchObject({ code: 'E_CODE' });
    await expect(keyring).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    expect(world.names()).toEqual(before);
    await expect(approve(laptop, text)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await laptop.keyring.refresh();
    expect(laptop.deviceNames()).toEqual(['laptop']);
  });
});
