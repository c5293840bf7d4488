import { Failure } from '../../base/failure.ts';
import { EpochKeys } from '../../crypto/epoch-keys.ts';
import type { DeviceId, KeyListHash, VaultId } from '../../model/ids.ts';
import { openDeviceNames, type DeviceName } from './device-names.ts';
import type { DeviceKeys } from './device-keys.ts';
import type { EpochSecret } from './epoch-secret.ts';
import { forkGeneration } from './key-chain.ts';
import type { KeyHolder } from './key-holder.ts';
import { findDevice, keyListName, type KeyList } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import type { KeyListState } from './next-key-list.ts';
import { openEpochs } from './open-epochs.ts';
import { readGenesis } from './read-genesis.ts';
import { readKeyChain, type KeyListPin, type ReadKeyChain } from './read-key-chain.ts';
import type { ChainStart, VerifiedKeyList } from './verify-step.ts';

/** A device of the vault, for people. */
export interface KnownDevice {
  readonly id: DeviceId;
  readonly name: string;
  readonly state: 'active' | 'revoked';
  /** The device that added it, or the slot by whose secret it joined. */
  readonly addedBy: KeyHolder;
  /** Milliseconds since 1970, by the clock of whoever added it. */
  readonly addedMs: number;
  readonly addedGeneration: number;
}

/** One key list of the vault, as those need it who judge what was written under it. */
export interface KeyListView {
  readonly hash: KeyListHash;
  readonly generation: number;
  readonly epoch: number;
  readonly activeDevices: readonly DeviceId[];
  /** Ed25519 key of a device that may write under this list; undefined for every other. */
  signingKeyOf(device: DeviceId): Uint8Array | undefined;
}

/** What of a keyring goes into the pin. */
export interface KeyringPin extends KeyListPin {
  readonly epoch: number;
}

/** Called with what must be pinned before anything is done that rests on it. */
export type PinKeyring = (pin: KeyringPin) => Promise<void>;

/** How many generations a list may be ahead of what is known and still be found by its hash alone. */
const namedAhead = 8;

/** A name tells the generation, a hash does not. */
function possibleNames(generation: number, hash: KeyListHash): string[] {
  return Array.from({ length: namedAhead + 1 }, (_, ahead) => keyListName(generation + ahead, hash));
}

/** The vault's devices and this device's keys to it: verified from genesis, kept current by `refresh`. */
export class Keyring {
  readonly vaultId: VaultId;
  readonly #deps: KeyStore;
  readonly #start: ChainStart;
  readonly #own: DeviceKeys;
  readonly #pin: PinKeyring;
  /** This device's Ed25519 secret key, 64 bytes. */
  readonly signingSecret: Uint8Array;
  #opened: Opened;
  #epochKeys = new Map<number, EpochKeys>();

  private constructor(opening: KeyringOpening, opened: Opened) {
    this.vaultId = opening.start.vaultId;
    this.#deps = opening.deps;
    this.#start = opening.start;
    this.#own = opening.own;
    this.#pin = opening.pin;
    this.#opened = opened;
    this.signingSecret = opening.deps.primitives.signingPair(opening.own.secrets.signingSeed).secretKey;
  }

  /** The keyring of a device that stands in this chain. Throws E_REVOKED, E_UNTRUSTED_DEVICE, or what opening secrets throws. */
  static async open(opening: KeyringOpening, read: ReadKeyChain): Promise<Keyring> {
    const opened = openRead(opening.deps, opening.own, read);
    await opening.pin(pinOf(opened.tip));
    return new Keyring(opening, opened);
  }

  /** This device. */
  get device(): DeviceId {
    return this.#own.id;
  }

  /** The newest list. */
  current(): KeyListView {
    return viewOfChosen(this.#opened.tip);
  }

  /** The current epoch, 1 to 65,535. */
  get epoch(): number {
    return this.#opened.tip.body.epoch;
  }

  /** What to pin of the state that this keyring is in. */
  get pin(): KeyringPin {
    return pinOf(this.#opened.tip);
  }

  /** Objects below `keys/` that are no part of this vault. */
  get foreignObjects(): number {
    return this.#opened.read.foreignObjects;
  }

  /** All devices that ever were in the vault, in the order in which they came. */
  get devices(): readonly KnownDevice[] {
    const { tip, names } = this.#opened;
    return tip.body.devices.map(({ id, state, addedBy, addedGeneration }, at) => ({
      id,
      state,
      addedBy,
      addedGeneration,
      name: names[at]?.name ?? '',
      addedMs: names[at]?.addedMs ?? 0,
    }));
  }

  /** Keys of an epoch. Throws E_EPOCH where this device has none. */
  epochKeys(epoch: number): EpochKeys {
    let keys = this.#epochKeys.get(epoch);
    if (keys === undefined) {
      const found = this.#opened.secrets.find((secret) => secret.epoch === epoch);
      if (found === undefined)
        throw new Failure('E_EPOCH', `no keys of epoch ${epoch}; the newest that this device knows is ${this.epoch}`);
      keys = new EpochKeys(this.#deps.primitives, epoch, found.secret);
      this.#epochKeys.set(epoch, keys);
    }
    return keys;
  }

  /**
   * The list of this hash; undefined where none is known. A list that lost to another one of its generation is found, too:
   * someone may have written under it before the other one showed. Under it may write who was active in it and also in one
   * of the lists that the vault went on with: this holds for ever once it holds, and never for a device that was removed
   * at that point, whatever list it makes up later.
   */
  findList(hash: KeyListHash): KeyListView | undefined {
    const { chain } = this.#opened.read;
    const chosen = chain.chosen.find((list) => list.hash === hash);
    if (chosen !== undefined) return viewOfChosen(chosen);
    const lost = chain.lost.find((list) => list.hash === hash);
    return lost === undefined ? undefined : viewOfLost(lost, chain.chosen.slice(forkGeneration(chain, lost)));
  }

  /** Whether a device may write under this list. False for lists that are not known. */
  isActive(device: DeviceId, list: KeyListHash): boolean {
    return this.findList(list)?.signingKeyOf(device) !== undefined;
  }

  /** Ed25519 key of any device that ever was in the vault: says who signed, not that they might. */
  signingKey(device: DeviceId): Uint8Array | undefined {
    return findDevice(this.#opened.tip.body, device)?.keys.signing;
  }

  /**
   * Looks for newer lists, pins what it finds and goes on with it. One listing and one object where nothing is new. `named`:
   * a list that somebody has written or named; it is found where a store's listing is late, too. Throws what `loadKeyring` throws, E_REVOKED above all, and stays as it was then.
   */
  async refresh(signal?: AbortSignal, named?: KeyListHash): Promise<void> {
    const deps = { ...this.#deps, signal };
    const before = this.#opened;
    const known = new Map(before.read.known);
    // Whether the store still is this vault's shows in the newest list; where that is gone, genesis says what happened.
    known.delete(keyListName(before.tip.body.generation, before.tip.hash));
    const names = named === undefined ? [] : possibleNames(before.tip.body.generation, named);
    const read = await readKeyChain(deps, this.#start, { pin: this.pin, known, names }).catch(async (failure: unknown) => {
      await readGenesis(deps, this.vaultId);
      throw failure;
    });
    const opened = openRead(deps, this.#own, read);
    if (opened.tip.hash !== before.tip.hash) {
      await this.#pin(pinOf(opened.tip));
      this.#epochKeys = new Map();
    }
    this.#opened = opened;
  }

  /** What the author of the next list needs. Holds secrets of epochs: never leaves src/vault/keyring. */
  state(): KeyringState {
    const { tip, secrets, names, read } = this.#opened;
    return {
      start: this.#start,
      list: tip,
      current: lastOf(secrets),
      names,
      read,
      secretOf: (epoch) => secrets.find((secret) => secret.epoch === epoch),
    };
  }
}

/** A keyring's inside, for what makes key lists. */
export interface KeyringState extends KeyListState {
  readonly start: ChainStart;
  readonly read: ReadKeyChain;
  readonly secretOf: (epoch: number) => EpochSecret | undefined;
}

/** What a keyring is opened with. */
export interface KeyringOpening {
  readonly deps: KeyStore;
  readonly start: ChainStart;
  readonly own: DeviceKeys;
  readonly pin: PinKeyring;
}

interface Opened {
  readonly read: ReadKeyChain;
  readonly tip: VerifiedKeyList;
  readonly secrets: ReturnType<typeof openEpochs>;
  readonly names: readonly DeviceName[];
}

function openRead(deps: KeyStore, own: DeviceKeys, read: ReadKeyChain): Opened {
  const tip = lastOf(read.chain.chosen);
  const record = findDevice(tip.body, own.id);
  if (record === undefined) {
    const again = { action: 'run `cachette join` again, or let another device of the vault sync first' };
    throw new Failure('E_UNTRUSTED_DEVICE', 'this device is not in the list of devices: another change was made while it joined', again);
  }
  if (record.state === 'revoked') throw new Failure('E_REVOKED', 'this device was removed from the vault');
  const reader = { holder: { kind: 'device', id: own.id } as const, agreementSecret: own.secrets.agreementSecret };
  const secrets = openEpochs(deps, read.chain.chosen, reader);
  return { read, tip, secrets, names: openDeviceNames(deps, tip.body, lastOf(secrets)) };
}

/** What a device that has seen this list as the newest one pins. */
export function pinOf(tip: KeyList): KeyringPin {
  return { keyListHash: tip.hash, keyListGeneration: tip.body.generation, epoch: tip.body.epoch };
}

function viewOfChosen({ hash, body }: KeyList): KeyListView {
  const active = new Map(body.devices.filter(({ state }) => state === 'active').map(({ id, keys }) => [id, keys.signing]));
  return {
    hash,
    generation: body.generation,
    epoch: body.epoch,
    activeDevices: [...active.keys()],
    signingKeyOf: (device) => active.get(device),
  };
}

function viewOfLost(lost: KeyList, since: readonly KeyList[]): KeyListView {
  const view = viewOfChosen(lost);
  const stands = (device: DeviceId): boolean =>
    since.some(({ body }) => {
      const record = findDevice(body, device);
      return record?.state === 'active' && record.keys.signing.join() === view.signingKeyOf(device)?.join();
    });
  return {
    ...view,
    activeDevices: view.activeDevices.filter(stands),
    signingKeyOf: (device) => (stands(device) ? view.signingKeyOf(device) : undefined),
  };
}

function lastOf<Item>(items: readonly Item[]): Item {
  const last = items.at(-1);
  if (last === undefined) throw new Failure('E_FAILED', 'a chain of key lists without any list');
  return last;
}
