/**
 * Bringing states of another time into the folder, as if a person had put them there: the next pass publishes them. All
 * bytes are verified before the first item gets its place, up to a bound; beyond it, portion by portion. What stands in a
 * place goes to the trash, and only where it is known to be in the vault.
 */
import { Failure } from '../../base/failure.ts';
import { topPath, type ActOutcome, type DiskPath, type StagedFile } from '../../disk/disk.ts';
import type { NodeName } from '../../model/name.ts';
import { sameContent, type Content, type FileState } from '../../model/node.ts';
import { holdsMeta } from '../../planner/kept-meta.ts';
import type { RestoreItem } from '../../planner/find-restorable.ts';
import type { EngineParts } from '../engine-parts.ts';
import { fetchChunks, type ChunkTarget } from '../content/fetch-chunks.ts';
import { findContent } from '../content/find-content.ts';
import { inTheWay, notSynced, RestorePlaces, type RestorePlace } from './restore-places.ts';
import { noteOrigins, type RestoredOrigin } from './restored-origins.ts';

const takenMeanwhile = 'was taken meanwhile';

export interface Restoring {
  /** What to restore; gone through twice. */
  readonly items: Iterable<RestoreItem>;
  /** Where to, from the top; none for the top itself. */
  readonly to: readonly NodeName[];
  readonly signal: AbortSignal;
}

export interface RestoreReport {
  readonly files: number;
  readonly folders: number;
}

/**
 * Throws E_IN_THE_WAY where something stands in a place that is not in the vault as it is, and what the store or its
 * contents are wrong with; nothing that stood there is lost then, and no item is half-made. To be called when the folder
 * was just synced.
 */
export async function restoreItems(parts: EngineParts, { items, to, signal }: Restoring): Promise<RestoreReport> {
  const places = new RestorePlaces(parts.index);
  // Whatever is in the way shows before anything is done.
  for (const { below, state } of items) await requireFree(parts, places.find([...to, ...below], state.kind), state.kind);
  let files = 0;
  let folders = await makeFolders(parts, places.find(to.slice(0, -1), 'folder'));
  for (const portion of portionsOf(missing(parts, places, { items, to }), parts.portions)) {
    await using brought = new Brought(parts, signal);
    await brought.bring(portion);
    noteOrigins(
      parts.index,
      portion.flatMap((item) => originOf(parts, brought, { item, target: places.find([...to, ...item.below], item.state.kind) })),
    );
    for (const item of portion) {
      signal.throwIfAborted();
      const target = places.find([...to, ...item.below], item.state.kind);
      if (item.state.kind === 'folder') folders += await makeFolders(parts, target);
      else {
        await makeFolders(parts, { way: target.way.slice(0, -1) });
        await place(parts, brought, { item, target });
        files += 1;
      }
    }
    await parts.disk.settle();
  }
  return { files, folders };
}

/** What is there as it was then needs neither to be brought nor to go to the trash. */
function* missing(
  { index }: EngineParts,
  places: RestorePlaces,
  { items, to }: Pick<Restoring, 'items' | 'to'>,
): Generator<RestoreItem, void> {
  for (const item of items) {
    const { below, state } = item;
    const local = state.kind === 'file' ? places.find([...to, ...below], state.kind).local?.state : undefined;
    const isThere =
      state.kind === 'file' &&
      local?.kind === 'file' &&
      local.content !== undefined &&
      sameContent(local.content, state.content) &&
      holdsMeta(local, state, index.traits.current) &&
      local.fromOutside === state.fromOutside;
    if (!isThere) yield item;
  }
}

/** What is to be noted of the item: nothing where the disk knows it, or takes it for what it is anyway. */
function originOf({ index }: EngineParts, brought: Brought, { item: { state }, item, target }: Placing): readonly RestoredOrigin[] {
  if (state.kind !== 'file' || index.traits.current.keepsOrigin) return [];
  const { content, mtimeUs, fromOutside } = state;
  const { path, local } = target;
  const isKnown = (local?.state.kind === 'file' && local.state.fromOutside) === fromOutside;
  return isKnown ? [] : [{ path, identity: brought.identityOf(item), sizeBytes: content.sizeBytes, mtimeUs, fromOutside }];
}

function* portionsOf(
  items: Iterable<RestoreItem>,
  { fetchedFiles, fetchedBytes }: EngineParts['portions'],
): Generator<readonly RestoreItem[], void> {
  let portion: RestoreItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = item.state.kind === 'file' ? item.state.content.sizeBytes : 0;
    if (portion.length >= fetchedFiles || (portion.length > 0 && bytes + size > fetchedBytes)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(item);
    bytes += size;
  }
  yield portion;
}

/** What is not in the local tree may stand there nevertheless: ignored, or just come. */
async function requireFree({ disk }: EngineParts, { path, expected }: RestorePlace, kind: RestoreItem['state']['kind']): Promise<void> {
  if (expected !== 'absent' || path === topPath) return;
  const now = await disk.look(path);
  if (now !== undefined && !(now.kind === 'folder' && kind === 'folder')) throw inTheWay(path, notSynced);
}

/**
 * Makes the folder and those above it where they are missing; how many. Looked for from below: each look goes all the way from the top,
 * and the folder above is mostly there.
 */
async function makeFolders({ disk }: EngineParts, { way }: Pick<RestorePlace, 'way'>): Promise<number> {
  const missing: DiskPath[] = [];
  for (const path of way.toReversed()) {
    const now = await disk.look(path);
    if (now?.kind === 'folder') break;
    if (now !== undefined) throw inTheWay(path, takenMeanwhile);
    missing.push(path);
  }
  for (const path of missing.toReversed()) if ((await disk.makeFolder(path)) === 'changed') throw inTheWay(path, takenMeanwhile);
  return missing.length;
}

interface Placing {
  readonly item: RestoreItem;
  readonly target: RestorePlace;
}

async function place(parts: EngineParts, brought: Brought, { item, target: { path, expected } }: Placing): Promise<void> {
  const { state } = item;
  let outcome: ActOutcome = 'changed';
  if (state.kind === 'link') outcome = await parts.disk.placeLink(state, path, expected);
  const staged = brought.find(item);
  if (staged !== undefined) outcome = await parts.disk.place(staged, path, expected);
  if (outcome === 'changed') throw inTheWay(path, notSynced);
  parts.emit({ event: 'changed', what: expected === 'absent' ? 'added' : 'updated', path });
}

/** Files of one portion, beside the folder. Whoever made it disposes of it. */
class Brought {
  readonly #parts: EngineParts;
  readonly #signal: AbortSignal;
  readonly #staged = new Map<RestoreItem, StagedFile>();
  readonly #identities = new Map<RestoreItem, string>();

  constructor(parts: EngineParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  find(item: RestoreItem): StagedFile | undefined {
    return this.#staged.get(item);
  }

  /** Of the file that is going to stand in the item's place; '' where that is not known. */
  identityOf(item: RestoreItem): string {
    return this.#identities.get(item) ?? '';
  }

  /** Verified and durable, all of them, or it throws. */
  async bring(items: readonly RestoreItem[]): Promise<void> {
    const targets: ChunkTarget[] = [];
    for (const item of items) {
      // One by one: a file has as many as its size in megabytes, and arguments go on the stack.
      for (const target of item.state.kind === 'file' ? await this.#open(item, item.state) : []) targets.push(target);
    }
    await fetchChunks(this.#parts, targets, this.#signal);
    for (const [item, staged] of this.#staged) {
      const { state } = item;
      if (state.kind !== 'file') continue;
      const { mtimeUs, executable, fromOutside } = state;
      this.#identities.set(item, await staged.finish({ mtimeUs, executable, fromOutside }));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What can't be taken away now is when the next run begins.
    await Promise.allSettled([...this.#staged.values()].map((staged) => staged.discard()));
  }

  async #open(item: RestoreItem, { content: ref }: FileState): Promise<readonly ChunkTarget[]> {
    const { disk } = this.#parts;
    const content = await this.#findContent(ref);
    const staged = await disk.stage(content.sizeBytes);
    this.#staged.set(item, staged);
    const targets: ChunkTarget[] = [];
    let offset = 0;
    for (const chunk of content.chunks) {
      const found = this.#parts.index.chunks.find(chunk);
      if (found === undefined) throw new Failure('E_MISSING', 'no pack is known to hold a part of this version');
      const at = offset;
      targets.push({ place: found, deliver: (plain) => staged.write(plain, at), failed: () => {} });
      offset += found.plainBytes;
    }
    if (offset !== content.sizeBytes) throw new Failure('E_TAMPER', 'a version of another length than the vault says');
    return targets;
  }

  /** With its chunks proven to be those that its id names. */
  async #findContent(ref: FileState['content']): Promise<Content> {
    const content = await findContent(this.#parts, ref, this.#signal);
    if (content.sizeBytes > 0 && content.listChunks.length === 0) this.#parts.readChunkList(content, []);
    return content;
  }
}
