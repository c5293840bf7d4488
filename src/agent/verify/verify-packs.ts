import { Failure } from '../../base/failure.ts';
import type { ChunkFault } from '../../engine/content/workshop.ts';
import { listPacks } from '../../index/list-packs.ts';
import type { PackDirectory } from '../../model/change.ts';
import type { PackId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { packName } from '../../vault/pack/pack-name.ts';
import { fetchPackDirectory, parsePackDirectory } from '../../vault/pack/read-directory.ts';
import type { Damage } from './damage.ts';
import type { Session } from '../open-session.ts';

/** What is read from the store and opened at once. */
const packsAtOnce = 2;
const pageSize = 256;

export interface PackCounts {
  readonly packs: number;
  readonly chunks: number;
}

/** How to verify packs. */
export interface PackVerification {
  /** Opens every chunk. */
  readonly readsData: boolean;
  readonly signal: AbortSignal;
  /** Told of every few packs: how many were looked at, whole or not. */
  readonly hear?: ((packs: number) => void) | undefined;
}

export interface Verifying extends PackVerification {
  readonly session: Session;
  readonly damage: Damage;
}

/** Every pack that the journal names: there, of its size, with the directory that the journal says. With data, each chunk is opened. */
export async function verifyPacks(session: Session, damage: Damage, options: PackVerification): Promise<PackCounts> {
  const verifying: Verifying = { session, damage, ...options };
  let packs = 0;
  let chunks = 0;
  let seen = 0;
  for (let page = listPacks(session.index, undefined, pageSize); page.length > 0; page = listPacks(session.index, page.at(-1), pageSize)) {
    for (let at = 0; at < page.length; at += packsAtOnce) {
      const counts = await Promise.all(page.slice(at, at + packsAtOnce).map((pack) => verifyPack(verifying, pack)));
      for (const count of counts.filter((found) => found !== undefined)) {
        packs += 1;
        chunks += count;
      }
      seen += counts.length;
      options.hear?.(seen);
    }
  }
  return { packs, chunks };
}

/** How many whole chunks it holds; undefined where the pack as such is damaged. */
export async function verifyPack(verifying: Verifying, pack: PackId): Promise<number | undefined> {
  const { session, damage, readsData, signal } = verifying;
  signal.throwIfAborted();
  const known = session.index.chunks.findPack(pack);
  if (known === undefined) return undefined;
  const count = await damage.gather(packName(pack), () => (readsData ? openPack(verifying, known) : lookAtPack(session, known, signal)));
  if (count === undefined) for (const { chunk } of known.chunks) damage.chunks.add(chunk);
  else if (!readsData) for (const { chunk } of known.chunks) damage.whole.add(chunk);
  return count;
}

/** Header, trailer and directory alone. */
async function lookAtPack(session: Session, known: PackDirectory, signal: AbortSignal): Promise<number> {
  const { pack, sizeBytes } = known;
  const { sealing, keyring } = session;
  // One byte more than there should be: a pack that grew shows.
  const tailStart = Math.floor(Math.max(0, sizeBytes - 1) / limits.readBlockBytes) * limits.readBlockBytes;
  const tail = await read(session, pack, { start: tailStart, length: sizeBytes - tailStart + 1, signal });
  if (tail.byteLength !== sizeBytes - tailStart)
    throw new Failure('E_TAMPER', 'shorter or longer than it was', { subject: packName(pack) });
  const directory = await fetchPackDirectory(sealing, (epoch) => keyring.epochKeys(epoch), {
    pack,
    sizeBytes,
    read: async (start, length) => {
      const from = start - tailStart;
      return from >= 0 ? tail.subarray(from, from + length) : read(session, pack, { start, length, signal });
    },
  });
  requireSame(known, directory);
  return known.chunks.length;
}

/** The whole pack, and every chunk in it. */
async function openPack({ session, damage, signal }: Verifying, known: PackDirectory): Promise<number> {
  const { pack, epoch, sizeBytes } = known;
  const { sealing, keyring, store, parts } = session;
  const bytes = await store.get(packName(pack), { maxBytes: sizeBytes + 1, signal });
  if (bytes === undefined) throw missing(pack);
  if (bytes.byteLength !== sizeBytes) throw new Failure('E_TAMPER', 'shorter or longer than it was', { subject: packName(pack) });
  requireSame(
    known,
    parsePackDirectory(sealing, (number) => keyring.epochKeys(number), pack, bytes),
  );
  const chunks = known.chunks.map((place, ordinal) => {
    const sealed = bytes.subarray(place.offset, place.offset + place.sealedBytes);
    return { place, ordinal, sealed };
  });
  const opened = await parts.workshop.open({ pack, epoch, chunks });
  parts.workshop.giveBack(opened);
  const faults = opened.filter((result): result is ChunkFault => !(result instanceof Uint8Array));
  for (const [at, { chunk }] of known.chunks.entries()) (opened[at] instanceof Uint8Array ? damage.whole : damage.chunks).add(chunk);
  if (faults.some(({ isLie }) => isLie)) damage.lies.add(packName(pack));
  const [fault] = faults;
  if (fault !== undefined)
    damage.note(packName(pack), { code: fault.code, message: `${faults.length} of ${chunks.length} chunks: ${fault.message}` });
  return opened.length - faults.length;
}

async function read(
  session: Session,
  pack: PackId,
  { start, length, signal }: { readonly start: number; readonly length: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const bytes = await session.store.get(packName(pack), { range: { start, length }, maxBytes: length, signal });
  if (bytes === undefined) throw missing(pack);
  return bytes;
}

function missing(pack: PackId): Failure {
  return new Failure('E_MISSING', 'the store does not have this pack', { subject: packName(pack) });
}

function requireSame(known: PackDirectory, found: PackDirectory): void {
  const isSame =
    known.epoch === found.epoch &&
    known.chunks.length === found.chunks.length &&
    known.chunks.every(({ chunk, offset, sealedBytes, plainBytes }, at) => {
      const other = found.chunks[at];
      return other?.chunk === chunk && other.offset === offset && other.sealedBytes === sealedBytes && other.plainBytes === plainBytes;
    });
  if (!isSame) throw new Failure('E_TAMPER', 'its own directory is not what the journal says', { subject: packName(known.pack) });
}
