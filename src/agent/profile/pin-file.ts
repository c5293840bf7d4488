import { Failure } from '../../base/failure.ts';
import type { SeenVector } from '../../model/change.ts';
import { parseId, type VaultId } from '../../model/ids.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { PinCopy } from '../../vault/journal/journal-deps.ts';
import type { DeviceKeys } from '../../vault/keyring/device-keys.ts';
import type { KeyTools } from '../../vault/keyring/key-tools.ts';
import type { KeyringPin } from '../../vault/keyring/keyring.ts';
import { openPinCopy, sealPinCopy } from '../../vault/pin/pin-copy.ts';
import { pinFormat, type Pin } from '../../vault/pin/pin.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** Whose pin it is, and where. */
export interface PinPlace {
  readonly file: string;
  readonly tools: KeyTools;
  readonly own: DeviceKeys;
  readonly vaultId: VaultId;
  readonly index: SyncIndex;
}

const fileMaxBytes = 256 * 1024;
const settingKey = 'pin.keys';

/**
 * What this device has seen of its vault, in two copies: the heads and the key list in the index, and everything in a
 * sealed file. So neither a lost index nor a lost file lets a store go back in time.
 */
export class PinFile {
  readonly #place: PinPlace;
  #keys: KeyringPin | undefined;
  #vector: SeenVector | undefined;
  /** Writes follow each other: an older one must not end last. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(place: PinPlace, fromFile: Pin | undefined) {
    this.#place = place;
    this.#keys = newer(fromFile, findInIndex(place.index));
    this.#vector = fromFile?.vector;
  }

  /** What the file holds; nothing where there is none. Throws E_FAILED where it is damaged or not this device's. */
  static async open(place: PinPlace): Promise<PinFile> {
    const sealed = await readPrivateFile(place.file, fileMaxBytes);
    return new PinFile(place, sealed === undefined ? undefined : openSealed(place, sealed));
  }

  /** The key list that was seen last. Throws E_FAILED where both copies are gone. */
  get keys(): KeyringPin {
    if (this.#keys !== undefined) return this.#keys;
    throw new Failure('E_FAILED', 'this profile no longer knows what it has seen of its vault: its index and its pin are gone', {
      action: 'join again with a new profile; the files in the folder stay',
    });
  }

  /** For the keyring. */
  readonly pinKeys = async (keys: KeyringPin): Promise<void> => {
    const { index } = this.#place;
    index.settings.writeText(settingKey, JSON.stringify({ hash: keys.keyListHash, generation: keys.keyListGeneration, epoch: keys.epoch }));
    this.#keys = { keyListHash: keys.keyListHash, keyListGeneration: keys.keyListGeneration, epoch: keys.epoch };
    await this.#write();
  };

  /** For the journal. */
  get copy(): PinCopy {
    return {
      read: () => this.#vector,
      write: async (vector) => {
        this.#vector = vector;
        await this.#write();
      },
    };
  }

  #write(): Promise<void> {
    const { file, tools, own, vaultId } = this.#place;
    const pin: Pin = { vaultId, format: pinFormat, vector: this.#vector ?? new Map(), ...this.keys, checkpoint: undefined };
    const write = (): Promise<void> => writePrivateFile(file, sealPinCopy(tools, own, pin));
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}

/** What is wrong with it is this computer's matter, not the store's. */
function openSealed({ file, tools, own, vaultId }: PinPlace, sealed: Uint8Array): Pin {
  try {
    return openPinCopy(tools, own, vaultId, sealed);
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.exitCode !== 5) throw cause;
    throw new Failure('E_FAILED', `what this device has seen of its vault (${file}) is damaged, or is another device's`, {
      subject: file,
      action: 'restore it; or take it away where the index beside it is whole, which knows the same',
      cause,
    });
  }
}

function findInIndex(index: SyncIndex): KeyringPin | undefined {
  const text = index.settings.findText(settingKey);
  if (text === undefined) return undefined;
  const { hash, generation, epoch } = JSON.parse(text) as { hash: string; generation: number; epoch: number };
  return { keyListHash: parseId('KeyListHash', hash), keyListGeneration: generation, epoch };
}

function newer(a: KeyringPin | undefined, b: KeyringPin | undefined): KeyringPin | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.keyListGeneration > a.keyListGeneration ? b : a;
}
