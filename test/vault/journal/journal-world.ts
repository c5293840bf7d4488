/** Several devices with books of their own, over one store in memory. */
import { toHex } from '../../../src/base/bytes.ts';
import { Failure } from '../../../src/base/failure.ts';
import { EpochKeys } from '../../../src/crypto/epoch-keys.ts';
import { loadPrimitives } from '../../../src/crypto/load-primitives.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { openJournalBook } from '../../../src/index/journal-book.ts';
import { SyncIndex } from '../../../src/index/sync-index.ts';
import type { Change, PackDirectory, SeenVector } from '../../../src/model/change.ts';
import { parseId, rootId, type DeviceId, type KeyListHash, type NodeId } from '../../../src/model/ids.ts';
import type { JournalBook } from '../../../src/model/journal-book.ts';
import type { NodeName } from '../../../src/model/name.ts';
import type { Content, VersionedNode } from '../../../src/model/node.ts';
import type { Delivery } from '../../../src/vault/journal/fold/fold-listener.ts';
import type { JournalKeyList, JournalKeys } from '../../../src/vault/journal/journal-keys.ts';
import type { CommitReport } from '../../../src/vault/journal/journal-report.ts';
import { Journal } from '../../../src/vault/journal/journal.ts';
import { readSum, rootOf } from '../../../src/vault/journal/book-state.ts';
import type { Sealing } from '../../../src/vault/sealing.ts';
import { MemoryJournalBook } from '../../world/memory-journal-book.ts';
import { MemoryMedium } from '../../world/memory-medium.ts';
import { MemoryStore } from '../../world/memory-store.ts';
import { SeededRandom, seedFor } from '../../world/seeded-random.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { BaseOfOwn } from './forge.ts';

export const primitives = loadPrimitives();
export const { signal } = new AbortController();

/** Where a book is kept: both kinds must behave alike. */
export type BookKind = 'memory' | 'index';

export function openBook(kind: BookKind): JournalBook {
  return kind === 'memory' ? new MemoryJournalBook() : openJournalBook(SyncIndex.open(':memory:'));
}

interface SignerRecord {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** The process is gone. */
export class Crash extends Error {}

export class JournalWorld {
  readonly clock = new VirtualClock();
  readonly medium = new MemoryMedium(this.clock);
  readonly random: SeededRandom;
  readonly seed: number;
  readonly kind: BookKind;
  readonly sealing: Sealing;
  /** Every third world has no room for the bodies of entries that arrive. */
  bodiesMaxBytes: number | undefined;
  readonly lists: { readonly hash: KeyListHash; readonly epoch: number; readonly active: ReadonlySet<DeviceId> }[] = [];
  readonly signers = new Map<DeviceId, SignerRecord>();
  readonly devices: JournalDevice[] = [];
  readonly #epochs = new Map<number, EpochKeys>();

  constructor(kind: BookKind = 'memory', seed = 1) {
    this.kind = kind;
    this.seed = seed;
    this.bodiesMaxBytes = seed % 3 === 0 ? 0 : undefined;
    this.random = new SeededRandom(seed);
    const seals = new Seals(primitives, new SeededRandom(seedFor(seed, 'seals')));
    this.sealing = { primitives, seals, vaultId: parseId('VaultId', toHex(this.random.bytes(32))) };
  }

  epochKeys(epoch: number): EpochKeys {
    const known =
      this.#epochs.get(epoch) ?? new EpochKeys(primitives, epoch, new SeededRandom(seedFor(this.seed, `epoch ${epoch}`)).bytes(32));
    this.#epochs.set(epoch, known);
    return known;
  }

  /** A new device: everybody learns of it with the next refresh, it itself at once. */
  enrol(name: string): JournalDevice {
    const random = new SeededRandom(seedFor(this.seed, `device ${name}`));
    const id = parseId('DeviceId', toHex(random.bytes(16)));
    this.signers.set(id, primitives.signingPair(random.bytes(32)));
    const last = this.lists.at(-1);
    this.#addList(last?.epoch ?? 1, new Set([...(last?.active ?? []), id]));
    const device = new JournalDevice(this, name, id);
    this.devices.push(device);
    return device;
  }

  /** The device is removed: a new list, in a new epoch. */
  remove({ id }: JournalDevice): void {
    const last = this.lists.at(-1);
    this.#addList((last?.epoch ?? 0) + 1, new Set([...(last?.active ?? [])].filter((other) => other !== id)));
  }

  listView(at: number): JournalKeyList {
    const list = this.lists[at];
    if (list === undefined) throw new Error('no such list');
    return {
      hash: list.hash,
      epoch: list.epoch,
      activeDevices: [...list.active],
      signingKeyOf: (device) => (list.active.has(device) ? this.signers.get(device)?.publicKey : undefined),
    };
  }

  #addList(epoch: number, active: ReadonlySet<DeviceId>): void {
    this.lists.push({ hash: parseId('KeyListHash', String(this.lists.length + 1).padStart(64, '0')), epoch, active });
  }
}

export class JournalDevice {
  readonly name: string;
  readonly id: DeviceId;
  readonly world: JournalWorld;
  store: MemoryStore;
  book: JournalBook;
  /** The second copy of the pin. */
  pin: SeenVector | undefined;
  ears = new BaseOfOwn();
  readonly deliveries: Delivery[] = [];
  journal: Journal;
  #knownLists: number;
  /** Time by the world's clock: until then the store's listing of key lists is as it was when this was set. */
  listsLateUntilMs = 0;
  readonly #contents = new Map<string, Content>();

  constructor(world: JournalWorld, name: string, id: DeviceId) {
    this.world = world;
    this.name = name;
    this.id = id;
    this.#knownLists = world.lists.length;
    this.store = new MemoryStore({
      clock: world.clock,
      random: new SeededRandom(seedFor(world.seed, `store ${name}`)),
      medium: world.medium,
      label: name,
    });
    this.book = openBook(world.kind);
    this.journal = this.#start();
  }

  /** A new process over the same book (or another one), as after a crash. */
  restart(book: JournalBook = this.book): void {
    this.book = book;
    this.journal = this.#start();
  }

  /** Reads what is new, then writes these groups. */
  async write(...groups: (readonly Change[])[]): Promise<CommitReport> {
    await this.journal.catchUp(signal);
    return this.journal.commit({ groups, packs: [] }, signal);
  }

  catchUp(): ReturnType<Journal['catchUp']> {
    return this.journal.catchUp(signal);
  }

  get root(): string {
    return rootOf(readSum(primitives, this.book));
  }

  /** All paths, with what is there. */
  tree(): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (parent: NodeId, path: string): void => {
      for (const { id, state } of this.book.tree.childrenOf(parent, undefined, 1000)) {
        const here = `${path}${state.name}`;
        found[here] = state.kind === 'file' ? state.content.id.slice(0, 4) : state.kind;
        visit(id, `${here}/`);
      }
    };
    visit(rootId, '');
    return found;
  }

  /** The node at this path. */
  at(path: string): VersionedNode {
    let node: VersionedNode | undefined;
    for (const name of path.split('/')) node = this.book.tree.childNamed(node?.id ?? rootId, name as NodeName);
    if (node === undefined) throw new Error(`nothing at ${path}`);
    return node;
  }

  get keys(): JournalKeys {
    const { world, id } = this;
    const signer = world.signers.get(id);
    if (signer === undefined) throw new Error('not enrolled');
    const known = (): number => this.#knownLists;
    return {
      device: id,
      signingSecret: signer.secretKey,
      current: () => world.listView(known() - 1),
      findList: (hash) => {
        const at = world.lists.findIndex((list) => list.hash === hash);
        return at < 0 || at >= known() ? undefined : world.listView(at);
      },
      signingKey: (device) => world.signers.get(device)?.publicKey,
      epochKeys: (epoch) => {
        if (epoch > world.listView(known() - 1).epoch) throw new Failure('E_EPOCH', `no keys of epoch ${epoch}`);
        return world.epochKeys(epoch);
      },
      refresh: () => {
        if (world.clock.nowMs() >= this.listsLateUntilMs) this.learnLists();
        return Promise.resolve();
      },
    };
  }

  learnLists(): void {
    this.#knownLists = this.world.lists.length;
  }

  #start(): Journal {
    const { world } = this;
    return new Journal({
      store: this.store,
      sealing: world.sealing,
      keys: this.keys,
      book: this.book,
      bodiesMaxBytes: world.bodiesMaxBytes,
      pinCopy: {
        read: () => this.pin,
        write: (vector) => {
          this.pin = vector;
          return Promise.resolve();
        },
      },
      listener: {
        applied: (own) => {
          this.ears.applied(own);
        },
        revoked: (own) => {
          this.ears.revoked(own);
        },
        ended: () => undefined,
        delivered: (delivery) => {
          this.deliveries.push(delivery);
          for (const { content } of delivery.contents) this.#contents.set(content.id, content);
        },
      },
      snapshotContents: {
        packs: () => this.#packs(),
        contentOf: (content) => {
          const found = this.#contents.get(content.id);
          if (found === undefined) throw new Error(`unknown content ${content.id}`);
          return found;
        },
      },
      checkpointWorth: { entries: 8, bodyBytes: 1024 * 1024 },
      clock: world.clock,
      random: new SeededRandom(seedFor(world.seed, `journal ${this.name} ${world.random.bytes(4).join()}`)),
    });
  }

  #packs(): Iterable<PackDirectory> {
    const packs = this.deliveries.flatMap((delivery) => delivery.packs);
    return packs.toSorted((a, b) => (a.pack < b.pack ? -1 : 1));
  }
}

let nodes = 0;

/** A fresh identity. */
export function freshNode(): NodeId {
  nodes += 1;
  return parseId('NodeId', toHex(primitives.blake2b(16, [new TextEncoder().encode(`node ${nodes}`)])));
}

function contentOf(text: string): Content {
  const bytes = new TextEncoder().encode(text);
  const id = parseId('ContentId', toHex(primitives.blake2b(32, [bytes])));
  return { epoch: 1, id, sizeBytes: bytes.byteLength, chunks: [parseId('ChunkId', id)], listChunks: [] };
}

/** The start of the id that `tree()` shows for a file of this text. */
export function shown(text: string): string {
  return contentOf(text).id.slice(0, 4);
}

/** A new file. */
export function makeFile(name: string, text: string, parent: NodeId = rootId): Change {
  const state = {
    kind: 'file',
    parent,
    name: name as NodeName,
    content: contentOf(text),
    mtimeUs: 0,
    executable: false,
    fromOutside: false,
  } as const;
  return { do: 'put', node: freshNode(), upon: undefined, state };
}

export function makeFolder(name: string, parent: NodeId = rootId): Change & { readonly node: NodeId } {
  return { do: 'put', node: freshNode(), upon: undefined, state: { kind: 'folder', parent, name: name as NodeName } };
}

/** New text for a file that stays where it is. */
export function edit({ id, version, state }: VersionedNode, text: string): Change {
  const { parent, name } = state;
  return {
    do: 'put',
    node: id,
    upon: version,
    state: { kind: 'file', parent, name, content: contentOf(text), mtimeUs: 1, executable: false, fromOutside: false },
  };
}

export function rename({ id, version, state }: VersionedNode, name: string, parent: NodeId = state.parent): Change {
  return { do: 'move', node: id, upon: version, parent, name: name as NodeName };
}

export function remove({ id, version }: VersionedNode): Change {
  return { do: 'remove', node: id, upon: version };
}
