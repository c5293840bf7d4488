/** Identities, each a branded lower-case hex string (or text made of them), so that two kinds are never mixed up. */
import { Failure } from '../base/failure.ts';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A file, folder or link through all its renames: 16 random bytes. */
export type NodeId = Branded<string, 'NodeId'>;
/** One profile with its own keys: 16 random bytes. */
export type DeviceId = Branded<string, 'DeviceId'>;
/** A way into the vault by a secret (passphrase, recovery key): 16 random bytes. */
export type SlotId = Branded<string, 'SlotId'>;
/** BLAKE2b-256 of the genesis object's bytes. */
export type VaultId = Branded<string, 'VaultId'>;
/** Keyed BLAKE2b-256 of a chunk's plaintext. Stands only inside seals. */
export type ChunkId = Branded<string, 'ChunkId'>;
/** Keyed BLAKE2b-256 that names a whole file's content: its only chunk's id, or a digest of its chunk list. */
export type ContentId = Branded<string, 'ContentId'>;
/** A pack's random 16 bytes; its object is `packs/<2 hex>/<32 hex>`. */
export type PackId = Branded<string, 'PackId'>;
/** BLAKE2b-256 of an entry's sealed header bytes. */
export type EntryHash = Branded<string, 'EntryHash'>;
/** A journal object's name: `journal/<lamport, 12 digits>-<16 hex>`. */
export type EntryName = Branded<string, 'EntryName'>;
/** BLAKE2b-256 of a key list's bytes. */
export type KeyListHash = Branded<string, 'KeyListHash'>;
/** BLAKE2b-256 over the sum of all node records: equal trees have equal roots. */
export type StateRoot = Branded<string, 'StateRoot'>;
/** Which change last touched a node: `<lamport, 12 digits>-<16 hex>:<index of the change in its entry>`. */
export type Version = Branded<string, 'Version'>;

/** The folder that is the vault's top: never changed, moved or removed. */
export const rootId = '0'.repeat(32) as NodeId;

const hexLengths = {
  NodeId: 32,
  DeviceId: 32,
  SlotId: 32,
  VaultId: 64,
  ChunkId: 64,
  ContentId: 64,
  PackId: 32,
  EntryHash: 64,
  KeyListHash: 64,
  StateRoot: 64,
} as const;

interface HexIds {
  NodeId: NodeId;
  DeviceId: DeviceId;
  SlotId: SlotId;
  VaultId: VaultId;
  ChunkId: ChunkId;
  ContentId: ContentId;
  PackId: PackId;
  EntryHash: EntryHash;
  KeyListHash: KeyListHash;
  StateRoot: StateRoot;
}

/** The text as an identity of that kind. Throws E_FORMAT where it is not one. */
export function parseId<Kind extends keyof HexIds>(kind: Kind, text: string): HexIds[Kind] {
  if (text.length !== hexLengths[kind] || !/^[0-9a-f]*$/.test(text)) {
    throw new Failure('E_FORMAT', `not a ${kind}: ${JSON.stringify(text.slice(0, 80))}`);
  }
  return text as HexIds[Kind];
}

/** Lamport number and random part of a journal object's name. */
export interface EntryNameParts {
  readonly lamport: number;
  readonly tag: string;
}

/** The name that an entry of this Lamport number (1 to 10^12 - 1) and this random part (16 hex) has. */
export function entryName(lamport: number, tag: string): EntryName {
  return `journal/${String(lamport).padStart(12, '0')}-${tag}` as EntryName;
}

/** The parts of a journal object's name; undefined where it is not one (a foreign object in the store). */
export function findEntryNameParts(name: string): EntryNameParts | undefined {
  const match = /^journal\/([0-9]{12})-([0-9a-f]{16})$/.exec(name);
  if (match?.[1] === undefined || match[2] === undefined || Number(match[1]) === 0) return undefined;
  return { lamport: Number(match[1]), tag: match[2] };
}

/** The version that the change at `index` (0 to 65,535) of this entry gives the node it touches. */
export function versionOf(entry: EntryName, index: number): Version {
  return `${entry.slice('journal/'.length)}:${index}` as Version;
}

/** The parts of a version. */
export interface VersionParts {
  readonly version: Version;
  readonly entry: EntryName;
  readonly index: number;
}

/** Entry and index of a version. Throws E_FORMAT where the text is not one. */
export function parseVersion(text: string): VersionParts {
  const parts = findVersionParts(text);
  if (parts === undefined) throw new Failure('E_FORMAT', 'not a version');
  return parts;
}

/** Entry and index of a version; undefined where the text is not one (a person typed it). */
export function findVersionParts(text: string): VersionParts | undefined {
  const colon = text.indexOf(':');
  const entry = `journal/${text.slice(0, colon)}`;
  const index = text.slice(colon + 1);
  if (colon < 0 || findEntryNameParts(entry) === undefined || !/^(?:0|[1-9][0-9]{0,4})$/.test(index)) return undefined;
  return { version: text as Version, entry: entry as EntryName, index: Number(index) };
}
