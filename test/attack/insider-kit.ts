/**
 * An enrolled device that turned hostile: holds every current key and signs correctly, but writes what no honest writer
 * would. Written from FORMAT.md alone, so that no check of our own writer stands between it and the readers.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import nacl from 'tweetnacl';
import { bytesOf, decode, encode, fields, numberOf, type Wire } from './insider-cbor.ts';
import {
  hash256,
  kdf,
  label,
  openWhole,
  padClass,
  padme,
  sealBare,
  sealWhole,
  stateRoot,
  u32,
  type Purpose,
  type SealType,
} from './insider-seals.ts';
import type { StoreFolder } from './store-folder.ts';

export const rootNode = Buffer.alloc(16);

/** A chunk as it is to lie in a pack, with whatever its table is to say of it. */
export interface HostileChunk {
  readonly chunkId: Uint8Array;
  readonly plainBytes: number;
  /** What is sealed: the flag byte and what follows. */
  readonly coded: Uint8Array;
}

/** A pack that was put into the store, as an entry tells of it. */
export interface MadePack {
  readonly name: string;
  readonly wire: Wire;
  /** Where each sealed chunk lies in the object. */
  readonly chunks: readonly { readonly offset: number; readonly bytes: number }[];
}

/** What may be wrong with an entry besides what it does. */
export interface EntryFaults {
  readonly signer?: Uint8Array;
  /** Label of what the signature was made for. */
  readonly signedAs?: string;
  readonly root?: Uint8Array;
  readonly bodyBytes?: Uint8Array;
  readonly device?: Uint8Array;
  readonly epoch?: number;
  readonly counter?: number;
  readonly lamportStep?: number;
}

interface KnownEntry {
  readonly device: string;
  readonly counter: number;
  readonly hash: Buffer;
  readonly lamport: number;
}

interface NodeRecord {
  readonly version: Wire;
  readonly state: readonly Wire[];
}

export class Insider {
  readonly #store: StoreFolder;
  readonly #vaultId: Buffer;
  readonly #device: Buffer;
  readonly #signing: nacl.SignKeyPair;
  readonly #epoch: number;
  readonly #secret: Buffer;
  readonly #keyList: Buffer;

  /** Takes over a device by its profile (made with `--key-storage file`). */
  constructor(profile: string, store: StoreFolder) {
    this.#store = store;
    const settings = JSON.parse(fs.readFileSync(path.join(profile, 'settings.json'), 'utf8')) as { vaultId: string };
    const bundle = JSON.parse(fs.readFileSync(path.join(profile, 'device.json'), 'utf8')) as { keys: string };
    this.#vaultId = Buffer.from(settings.vaultId, 'hex');
    const restKey = kdf(fs.readFileSync(path.join(profile, 'device.key')), 'secret-key/device-keys');
    const rest = this.#purpose('device-keys', { typeKey: restKey, epoch: 0, context: Buffer.alloc(0) });
    const [, id, seed, agreement] = fields(decode(openWhole(rest, Buffer.from(bundle.keys, 'base64'))));
    this.#device = bytesOf(id);
    this.#signing = nacl.sign.keyPair.fromSeed(new Uint8Array(bytesOf(seed)));
    const list = store.read(store.below('keys/').at(-1) ?? '');
    this.#keyList = hash256(label('key-list-hash'), list);
    const body = fields(decode(bytesOf(fields(decode(list))[0])));
    this.#epoch = numberOf(body[5]);
    this.#secret = this.#openShare(fields(body[9]), new Uint8Array(bytesOf(agreement)));
  }

  get device(): Buffer {
    return this.#device;
  }

  get signing(): nacl.SignKeyPair {
    return this.#signing;
  }

  /** A chunk as an honest device would code it, uncompressed. */
  chunk(plain: Uint8Array): HostileChunk {
    return { chunkId: this.chunkId(plain), plainBytes: plain.length, coded: Buffer.concat([Buffer.of(0), plain]) };
  }

  chunkId(plain: Uint8Array): Buffer {
    return kdf(kdf(this.#secret, 'epoch-chunk-ids', u32(this.#epoch)), 'chunk-id', plain);
  }

  /** Of an empty file. */
  emptyContent(): Wire {
    const id = kdf(kdf(this.#secret, 'epoch-chunk-ids', u32(this.#epoch)), 'content-empty');
    return [this.#epoch, 0, id, Buffer.alloc(0), Buffer.alloc(0)];
  }

  /** Of a file of one chunk; `changes` are lies about it. */
  content(chunkId: Uint8Array, sizeBytes: number, epoch = this.#epoch): Wire {
    return [epoch, sizeBytes, chunkId, Buffer.alloc(0), Buffer.alloc(0)];
  }

  /** Seals the chunks into a pack and puts it into the store. */
  putPack(chunks: readonly HostileChunk[]): MadePack {
    const pack = randomBytes(16);
    const sealed = chunks.map(({ coded }, ordinal) => sealBare(this.#typed('chunk', Buffer.concat([pack, u32(ordinal)])), coded));
    const table = Buffer.concat(
      chunks.map(({ chunkId, plainBytes }, at) => Buffer.concat([chunkId, u32(sealed[at]?.length ?? 0), u32(plainBytes)])),
    );
    const chunkBytes = sealed.reduce((sum, { length }) => sum + length, 0);
    const sizeBytes = Math.max(16_384, padme(10 + chunkBytes + 76 + table.length + 128));
    const directoryBytes = sizeBytes - 10 - chunkBytes - 128;
    const directory = sealBare(this.#typed('pack-directory', pack), table, directoryBytes - 72);
    const place = Buffer.concat([u32(10 + chunkBytes), u32(directoryBytes), u32(chunks.length)]);
    const trailer = sealBare(this.#typed('pack-trailer', pack), place, 128 - 72);
    const start = Buffer.concat([Buffer.from('CCH1'), Buffer.of(1, 64), u32(this.#epoch)]);
    const hex = pack.toString('hex');
    const name = `packs/${hex.slice(0, 2)}/${hex}`;
    this.#store.write(name, Buffer.concat([start, ...sealed, directory, trailer]));
    let offset = 10;
    const places = sealed.map(({ length }) => {
      offset += length;
      return { offset: offset - length, bytes: length };
    });
    return { name, wire: [pack, this.#epoch, sizeBytes, table], chunks: places };
  }

  /** Publishes an entry of these groups (each one change), correctly sealed, signed, chained and rooted but for the faults. Its name. */
  publish(changes: readonly Wire[], packs: readonly Wire[] = [], faults: EntryFaults = {}): string {
    const known = this.#readJournal();
    const lamport = Math.max(...known.entries.map((entry) => entry.lamport), 0) + (faults.lamportStep ?? 1);
    const tag = randomBytes(8);
    const name = `journal/${String(lamport).padStart(12, '0')}-${tag.toString('hex')}`;
    const epoch = faults.epoch ?? this.#epoch;
    const device = Buffer.from(faults.device ?? this.#device);
    applyChanges(known.nodes, changes, [lamport, tag]);
    const bodyPlain = faults.bodyBytes ?? encode([1, changes, packs]);
    const body = sealWhole(this.#typed('entry-body', Buffer.from(name, 'ascii')), bodyPlain, padClass(bodyPlain.length));
    const own = known.heads.get(device.toString('hex'));
    const vector = [...known.heads].filter(([id]) => id !== device.toString('hex')).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const header = encode([
      1,
      lamport,
      epoch,
      device,
      faults.counter ?? (own?.counter ?? 0) + 1,
      own?.hash ?? null,
      vector.map(([id, { counter, hash }]) => [Buffer.from(id, 'hex'), counter, hash]),
      this.#keyList,
      faults.root ?? rootOf(known.nodes),
      Date.now(),
      hash256(body),
    ]);
    const message = Buffer.concat([label(faults.signedAs ?? 'sign-entry'), this.#vaultId, u32(epoch), Buffer.from(name, 'ascii'), header]);
    const signature = nacl.sign.detached(new Uint8Array(message), faults.signer ?? this.#signing.secretKey);
    const signed = encode([header, signature]);
    const sealed = sealWhole(this.#typed('entry-header', Buffer.from(name, 'ascii')), signed, padClass(signed.length));
    this.#store.write(name, Buffer.concat([u32(sealed.length), sealed, body]));
    return name;
  }

  /** What every entry in the store does, read as anyone with the keys could; and the packs that they bring. */
  packTables(): readonly Wire[] {
    return this.#readJournal().packs;
  }

  /** Nodes of the vault's tree, by the hex of their ids. */
  nodes(): ReadonlyMap<string, NodeRecord> {
    return this.#readJournal().nodes;
  }

  /** Folds what is there, in order of names: good for a journal without entries made at the same time. */
  #readJournal(): { entries: KnownEntry[]; heads: Map<string, KnownEntry>; nodes: Map<string, NodeRecord>; packs: Wire[] } {
    const entries: KnownEntry[] = [];
    const nodes = new Map<string, NodeRecord>();
    const packs: Wire[] = [];
    for (const name of this.#store.below('journal/')) {
      const bytes = this.#store.read(name);
      const headerEnd = 4 + bytes.readUInt32BE();
      const sealedHeader = bytes.subarray(4, headerEnd);
      const context = Buffer.from(name, 'ascii');
      const [headerBytes] = fields(decode(openWhole(this.#typed('entry-header', context), sealedHeader)));
      const header = fields(decode(bytesOf(headerBytes)));
      const [, groups, brought] = fields(decode(openWhole(this.#typed('entry-body', context), bytes.subarray(headerEnd))));
      const lamport = numberOf(header[1]);
      const changes = fields(groups).flatMap((group) => (Array.isArray(fields(group)[0]) ? fields(group) : [group]));
      applyChanges(nodes, changes, [lamport, Buffer.from(name.slice(-16), 'hex')]);
      packs.push(...fields(brought));
      entries.push({
        device: bytesOf(header[3]).toString('hex'),
        counter: numberOf(header[4]),
        hash: hash256(label('entry-hash'), sealedHeader),
        lamport,
      });
    }
    return { entries, nodes, packs, heads: new Map(entries.map((entry) => [entry.device, entry])) };
  }

  #openShare(shares: readonly Wire[], agreement: Uint8Array): Buffer {
    const own = nacl.scalarMult.base(agreement);
    const share = shares.map((each) => fields(each)).find(([holder]) => bytesOf(fields(holder)[1]).equals(this.#device));
    const ephemeral = bytesOf(share?.[1]);
    const shared = kdf(nacl.scalarMult(agreement, new Uint8Array(ephemeral)), 'share-key', ephemeral, own);
    const purpose = this.#purpose('epoch-share', {
      typeKey: kdf(shared, 'secret-key/epoch-share'),
      epoch: this.#epoch,
      context: this.#device,
    });
    return openWhole(purpose, bytesOf(share?.[2]));
  }

  #typed(type: SealType, context: Uint8Array): Purpose {
    return this.#purpose(type, { typeKey: kdf(this.#secret, `epoch-key/${type}`, u32(this.#epoch)), epoch: this.#epoch, context });
  }

  #purpose(type: SealType, more: Pick<Purpose, 'typeKey' | 'epoch' | 'context'>): Purpose {
    return { type, vaultId: this.#vaultId, ...more };
  }
}

/** A put of a new node. */
export function put(node: Uint8Array, state: readonly Wire[]): Wire {
  return [1, node, null, state];
}

export function fileState(parent: Uint8Array, name: Uint8Array, content: Wire): readonly Wire[] {
  return [1, parent, name, content, 1_700_000_000_000_000, false];
}

/** The same, of a file that came from outside. */
export function outsideFileState(parent: Uint8Array, name: Uint8Array, content: Wire): readonly Wire[] {
  const [, ...rest] = fileState(parent, name, content);
  return [4, ...rest];
}

export function folderState(parent: Uint8Array, name: Uint8Array): readonly Wire[] {
  return [2, parent, name];
}

export function linkState(parent: Uint8Array, name: Uint8Array, target: string): readonly Wire[] {
  return [3, parent, name, Buffer.from(target), 1_700_000_000_000_000];
}

export function newNode(): Buffer {
  return randomBytes(16);
}

/** Puts, moves and removals that all hold: what the fixture's devices write. Anything else does not touch nodes. */
function applyChanges(nodes: Map<string, NodeRecord>, changes: readonly Wire[], [lamport, tag]: readonly [number, Buffer]): void {
  for (const [index, wire] of changes.entries()) {
    const change = fields(wire);
    const version = [lamport, tag, index];
    const id = change[1] instanceof Uint8Array ? bytesOf(change[1]).toString('hex') : '';
    const before = nodes.get(id);
    if (change[0] === 1) nodes.set(id, { version, state: fields(change[3]) });
    else if (change[0] === 2 && before !== undefined) {
      const [kind = 0, , , ...rest] = before.state;
      nodes.set(id, { version, state: [kind, change[3] ?? null, change[4] ?? null, ...rest] });
    } else if (change[0] === 3) nodes.delete(id);
  }
}

function rootOf(nodes: ReadonlyMap<string, NodeRecord>): Buffer {
  const records = [...nodes].map(([id, { version, state }]) => {
    const [kind, parent = null, name = null, content, ...rest] = state;
    const short = kind === 1 || kind === 4 ? [kind, parent, name, fields(content).slice(0, 3), ...rest] : state;
    return encode([1, Buffer.from(id, 'hex'), version, short]);
  });
  return stateRoot(records);
}
