/**
 * Bringing states of another time into the folder, as if a person had put them there: the next pass publishes them. All
 * bytes are verified before the first item gets its place, up to a bound; beyond it, portion by portion. What stands in a
 * place goes to the trash, and only where it is known to be in the vault.
 */
import { Failure } from '../base/failure.ts';
import { joinPath, topPath, type ActOutcome, type DiskPath, type Expected, type StagedFile } from '../disk/disk.ts';
import { rootId, type NodeId } from '../model/ids.ts';
import { displayName, findNameFault, isPrivateName, type NodeName } from '../model/name.ts';
import type { Content, FileState } from '../model/node.ts';
import type { RestoreItem } from '../planner/find-restorable.ts';
import type { EngineParts } from './engine-parts.ts';
import { fetchChunks, type ChunkTarget } from './fetch-chunks.ts';
import { findContent } from './find-content.ts';
import { expectedOf } from './local-row.ts';

/** Files that are brought before the first of them gets its place. */
const portionFiles = 512;
const portionBytes = 256 * 1024 * 1024;

const notSynced = 'holds what is not synced';

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
  // Whatever is in the way shows before anything is done.
  for (const { below, state } of items) await requireFree(parts, findTarget(parts, [...to, ...below], state.kind), state.kind);
  let files = 0;
  let folders = await makeFolders(parts, to.slice(0, -1));
  for (const portion of portionsOf(items)) {
    await using brought = new Brought(parts, signal);
    await brought.bring(portion);
    for (const item of portion) {
      signal.throwIfAborted();
      const names = [...to, ...item.below];
      if (item.state.kind === 'folder') folders += await makeFolders(parts, names);
      else {
        await place(parts, brought, { item, names });
        files += 1;
      }
    }
    await parts.disk.settle();
  }
  return { files, folders };
}

function* portionsOf(items: Iterable<RestoreItem>): Generator<readonly RestoreItem[], void> {
  let portion: RestoreItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = item.state.kind === 'file' ? item.state.content.sizeBytes : 0;
    if (portion.length >= portionFiles || (portion.length > 0 && bytes + size > portionBytes)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(item);
    bytes += size;
  }
  yield portion;
}

interface Target {
  readonly path: DiskPath;
  readonly expected: Expected;
}

/** What is known to stand at the place. Throws E_IN_THE_WAY, E_UNSAFE_NAME. */
function findTarget({ index }: EngineParts, names: readonly NodeName[], kind: RestoreItem['state']['kind']): Target {
  let path = topPath;
  let at: NodeId | undefined = rootId;
  let expected: Expected = 'absent';
  for (const [depth, name] of names.entries()) {
    requireName(name, depth);
    path = joinPath(path, name);
    if (at === undefined) continue;
    const local = index.local.childNamed(at, name);
    if (local === undefined && index.remote.childNamed(at, name) !== undefined) throw inTheWay(path, 'is not on this device');
    const wanted = depth < names.length - 1 ? 'folder' : kind;
    if (local !== undefined && local.state.kind !== wanted) throw inTheWay(path, `is a ${local.state.kind}`);
    if (local !== undefined && wanted !== 'folder' && index.dirty.has(local.id)) throw inTheWay(path, notSynced);
    expected = local === undefined ? 'absent' : expectedOf(local);
    at = local?.id;
  }
  return { path, expected };
}

/** What is not in the local tree may stand there nevertheless: ignored, or just come. */
async function requireFree({ disk }: EngineParts, { path, expected }: Target, kind: RestoreItem['state']['kind']): Promise<void> {
  if (expected !== 'absent' || path === topPath) return;
  const now = await disk.look(path);
  if (now !== undefined && !(now.kind === 'folder' && kind === 'folder')) throw inTheWay(path, notSynced);
}

function requireName(name: NodeName, depth: number): void {
  const fault = depth === 0 && isPrivateName(name) ? "is Cachette's own" : findNameFault(name);
  if (fault !== undefined)
    throw new Failure('E_UNSAFE_NAME', `'${displayName(name)}' ${fault}`, { action: 'restore with --to another path' });
}

function inTheWay(path: DiskPath, why: string): Failure {
  return new Failure('E_IN_THE_WAY', `'${displayName(path)}' ${why}`, { subject: path });
}

/** Makes the folder and those above it where they are missing; how many. */
async function makeFolders(parts: EngineParts, names: readonly NodeName[]): Promise<number> {
  let path = topPath;
  let made = 0;
  for (const name of names) {
    path = joinPath(path, name);
    const now = await parts.disk.look(path);
    if (now?.kind === 'folder') continue;
    if (now !== undefined || (await parts.disk.makeFolder(path)) === 'changed') throw inTheWay(path, 'was taken meanwhile');
    made += 1;
  }
  return made;
}

async function place(
  parts: EngineParts,
  brought: Brought,
  { item, names }: { readonly item: RestoreItem; readonly names: readonly NodeName[] },
): Promise<void> {
  const { state } = item;
  const { path, expected } = findTarget(parts, names, state.kind);
  await makeFolders(parts, names.slice(0, -1));
  let outcome: ActOutcome = 'changed';
  if (state.kind === 'link') outcome = await parts.disk.placeLink(state.target, state.mtimeUs, path, expected);
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

  constructor(parts: EngineParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  find(item: RestoreItem): StagedFile | undefined {
    return this.#staged.get(item);
  }

  /** Verified and durable, all of them, or it throws. */
  async bring(items: readonly RestoreItem[]): Promise<void> {
    const targets: ChunkTarget[] = [];
    for (const item of items) {
      if (item.state.kind === 'file') targets.push(...(await this.#open(item, item.state)));
    }
    await fetchChunks(this.#parts, targets, this.#signal);
    for (const [{ state }, staged] of this.#staged) {
      if (state.kind === 'file') await staged.finish({ mtimeUs: state.mtimeUs, executable: state.executable });
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
