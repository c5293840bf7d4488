import { expect } from 'vitest';
import type { Clock } from '../../../src/base/clock.ts';
import { Failure } from '../../../src/base/failure.ts';
import { loadPrimitives } from '../../../src/crypto/load-primitives.ts';
import type { Primitives } from '../../../src/crypto/primitives.ts';
import { makeRecoveryKey, type RecoverySecret } from '../../../src/crypto/recovery-key.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { Secret } from '../../../src/crypto/secret.ts';
import type { VaultId } from '../../../src/model/ids.ts';
import { createVault } from '../../../src/vault/keyring/create-vault.ts';
import { type DeviceKeys, makeDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import { joinVault } from '../../../src/vault/keyring/join-vault.ts';
import type { KeyStore } from '../../../src/vault/keyring/key-tools.ts';
import type { Keyring, KeyringPin } from '../../../src/vault/keyring/keyring.ts';
import { loadKeyring } from '../../../src/vault/keyring/load-keyring.ts';
import type { SlotSecret } from '../../../src/vault/keyring/slot.ts';
import { seededRandom } from '../../crypto/fixed-random.ts';
import { MemoryStore } from '../../world/memory-store.ts';

/** Time that passes only while everyone sleeps: then it is the first sleeper's waking time. */
export class SleepClock implements Clock {
  #nowMs = 1_700_000_000_000;
  readonly #sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];
  #isWaking = false;

  nowMs(): number {
    return Math.floor(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((wake) => {
      this.#sleepers.push({ dueMs: this.#nowMs + delayMs, wake });
      if (!this.#isWaking) void this.#wakeAll();
    });
  }

  async #wakeAll(): Promise<void> {
    this.#isWaking = true;
    while (this.#sleepers.length > 0) {
      // After everything that is ready to run has run.
      await new Promise((resolve) => setImmediate(resolve));
      this.#sleepers.sort((a, b) => a.dueMs - b.dueMs);
      const first = this.#sleepers.shift();
      if (first === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, first.dueMs);
      first.wake();
    }
    this.#isWaking = false;
  }
}

/** Everything real but the passphrase's cost: bounds are checked, the half GiB is not paid. */
export const quickPrimitives: Primitives = withQuickArgon(loadPrimitives('sodium'));

export function withQuickArgon(primitives: Primitives): Primitives {
  return {
    ...primitives,
    argon2id: async (password, salt) => Promise.resolve(primitives.blake2b(32, [salt, password], new Uint8Array(32).fill(7))),
  };
}

export const passphrase: SlotSecret = { kind: 'passphrase', passphrase: new Secret('correct horse battery staple') };

/** One vault, its store and whoever looks at it. */
export class KeyringWorld {
  readonly clock = new SleepClock();
  readonly seed: string;
  readonly store: MemoryStore;
  readonly recoveryKey: RecoverySecret;
  readonly primitives: Primitives;

  constructor(seed: string, primitives = quickPrimitives) {
    this.seed = seed;
    this.primitives = primitives;
    this.store = new MemoryStore({ clock: this.clock, random: seededRandom(`${seed}/store`) });
    this.recoveryKey = makeRecoveryKey(seededRandom(`${seed}/recovery`));
  }

  get recovery(): SlotSecret {
    return { kind: 'recovery', key: this.recoveryKey };
  }

  /** A computer that has its own view of the store. */
  machine(name: string, store = this.store.view()): Machine {
    return new Machine(this, name, store);
  }

  /** A machine that made the vault. */
  async founder(name = 'laptop', slots: readonly SlotSecret[] = [passphrase, this.recovery]): Promise<Machine> {
    const machine = this.machine(name);
    await machine.create(slots);
    return machine;
  }

  /** A machine that joined. */
  async joined(name: string, secret: SlotSecret = this.recovery): Promise<Machine> {
    const machine = this.machine(name);
    await machine.join(secret);
    return machine;
  }

  names(prefix = ''): string[] {
    return this.store.medium.names(prefix);
  }

  object(name: string): Uint8Array {
    const bytes = this.store.medium.read(name);
    if (bytes === undefined) throw new Error(`no ${name}`);
    return bytes;
  }

  write(name: string, bytes: Uint8Array | undefined): void {
    this.store.medium.write(name, bytes);
  }
}

/** A device with what it keeps on its own disk. */
export class Machine {
  readonly name: string;
  readonly store: MemoryStore;
  readonly deps: KeyStore;
  own: DeviceKeys;
  vaultId: VaultId | undefined;
  pin: KeyringPin | undefined;
  #keyring: Keyring | undefined;

  constructor(world: KeyringWorld, name: string, store: MemoryStore) {
    const random = seededRandom(`${world.seed}/${name}`);
    this.name = name;
    this.store = store;
    this.deps = { primitives: world.primitives, seals: new Seals(world.primitives, random), random, store, clock: world.clock };
    this.own = makeDeviceKeys(world.primitives, random);
  }

  get keyring(): Keyring {
    if (this.#keyring === undefined) throw new Error(`${this.name} is in no vault`);
    return this.#keyring;
  }

  async create(slots: readonly SlotSecret[]): Promise<void> {
    this.#keyring = await createVault(this.deps, { own: this.own, deviceName: this.name, slots, ...this.disk() });
  }

  async join(secret: SlotSecret): Promise<void> {
    this.#keyring = await joinVault(this.deps, { own: this.own, deviceName: this.name, secret, ...this.disk() });
  }

  /** Starts anew from what is on disk. */
  async restart(): Promise<Keyring> {
    const { vaultId, pin } = this;
    if (vaultId === undefined || pin === undefined) throw new Error(`${this.name} has no pin`);
    this.#keyring = await loadKeyring(this.deps, { own: this.own, last: { ...pin, vaultId }, pin: this.disk().pin });
    return this.#keyring;
  }

  deviceNames(): string[] {
    return this.keyring.devices.map(({ name }) => name).toSorted();
  }

  /** What the device keeps of the vault. */
  disk(): { keep: (vaultId: VaultId) => Promise<void>; pin: (pin: KeyringPin) => Promise<void> } {
    return {
      keep: async (vaultId) => {
        this.vaultId = vaultId;
        await Promise.resolve();
      },
      pin: async (pin) => {
        this.pin = pin;
        await Promise.resolve();
      },
    };
  }
}

/** Code and message of the failure that a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const outcome: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome;
  throw outcome instanceof Error ? outcome : new Error('nothing failed');
}

export async function expectFailure(promise: Promise<unknown>, ...codes: string[]): Promise<void> {
  expect(codes).toContain((await failureOf(promise)).code);
}
