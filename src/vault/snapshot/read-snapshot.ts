import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { StateSum } from '../../crypto/state-root.ts';
import type { StateRoot } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { Sealing } from '../sealing.ts';
import { openManifest } from './manifest.ts';
import type { SnapshotManifest } from './manifest.ts';
import type { SnapshotItem } from './snapshot-item.ts';
import { openPart } from './snapshot-part.ts';

/** The checkpoint that a snapshot is claimed by: signed, so its root decides. */
export interface SnapshotClaim {
  readonly name: string;
  readonly lamport: number;
  readonly root: StateRoot;
}

/** What reading takes. */
export interface SnapshotAccess {
  readonly sealing: Sealing;
  /** undefined where this device has no keys for the epoch. */
  readonly keysOf: (epoch: number) => EpochKeys | undefined;
  /** An object's bytes; undefined where the store has none. */
  readonly fetch: (name: string, maxBytes: number) => Promise<Uint8Array | undefined>;
}

/** The manifest of the snapshot that a checkpoint names. Throws E_MISSING, E_TAMPER where it is not for that checkpoint, and as `openManifest`. */
export async function fetchManifest(access: SnapshotAccess, claim: SnapshotClaim): Promise<SnapshotManifest> {
  const manifest = openManifest(access.sealing, access.keysOf, claim.name, await fetchObject(access, claim.name));
  if (manifest.root !== claim.root || manifest.lamport !== claim.lamport) {
    throw new Failure('E_TAMPER', 'a snapshot that is not for the checkpoint naming it', { subject: claim.name });
  }
  return manifest;
}

/**
 * All records of a snapshot, part by part. They are to be believed only once this has ended: whether nodes and conflicts
 * give the root that the checkpoint was signed with is known at the end, and E_TAMPER is thrown where they don't. So write
 * them where a transaction (or a fresh table) can still take all back. Contents and packs are not in the root: their own
 * ids prove them when they are used.
 */
export async function* readSnapshot(
  access: SnapshotAccess,
  claim: SnapshotClaim,
  manifest: SnapshotManifest,
): AsyncGenerator<readonly SnapshotItem[], void> {
  const sum = StateSum.empty(access.sealing.primitives);
  for (const part of manifest.parts) {
    const bytes = await fetchObject(access, part.name);
    const items: SnapshotItem[] = [];
    for (const { item, record } of openPart(access.sealing, access.keysOf, part, bytes)) {
      if (item.kind === 'node' || item.kind === 'conflict') sum.add(record);
      items.push(item);
    }
    yield items;
  }
  if (sum.root() !== claim.root)
    throw new Failure('E_TAMPER', 'a snapshot that is not what its checkpoint was signed for', { subject: claim.name });
}

async function fetchObject(access: SnapshotAccess, name: string): Promise<Uint8Array> {
  const bytes = await access.fetch(name, limits.snapshotPartMaxBytes);
  if (bytes === undefined) throw new Failure('E_MISSING', 'part of a snapshot is not in the store', { subject: name });
  return bytes;
}
