/** State of a node in CBOR, the same in entries, in node records and in snapshots but for how a content is told. */
import { Failure, unreachable } from '../../base/failure.ts';
import type { PutState } from '../../model/change.ts';
import type { ChunkId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { Content, ContentRef, FileState, FolderState, LinkState, NodeState } from '../../model/node.ts';
import { readBoolean, readInt, readTuple } from '../cbor.ts';
import type { CborValue } from '../cbor.ts';
import { bytesOfId, readChunkIds, readEpoch, readId, readName, wireChunkIds, wireText } from './wire-ids.ts';
import { wireLimits } from './wire-limits.ts';

/** A file that came from outside has a number of its own: so no other state changed its bytes when that came to be carried. */
const kinds = { file: 1, folder: 2, link: 3, outsideFile: 4 } as const;

/** `[kind, parent, name, …]`; a file's content stands as `content`. */
function wireStateWith(state: NodeState | PutState, content: CborValue): CborValue {
  const place = [kindOf(state), bytesOfId(state.parent), wireText(state.name)] as const;
  switch (state.kind) {
    case 'file':
      return [...place, content, state.mtimeUs, state.executable];
    case 'folder':
      return place;
    case 'link':
      return [...place, wireText(state.target), state.mtimeUs];
    default:
      return unreachable(state);
  }
}

function kindOf(state: NodeState | PutState): number {
  return state.kind === 'file' && state.fromOutside ? kinds.outsideFile : kinds[state.kind];
}

/** State as the tree holds it: a file's content by its reference. */
export function wireState(state: NodeState): CborValue {
  return wireStateWith(state, state.kind === 'file' ? wireContentRef(state.content) : null);
}

/** State as a change brings it: a file's content with its chunks. */
export function wirePutState(state: PutState): CborValue {
  return wireStateWith(state, state.kind === 'file' ? wireContent(state.content) : null);
}

type StateWith<Told> = (Omit<FileState, 'content'> & { readonly content: Told }) | FolderState | LinkState;

function readStateWith<Told>(value: unknown, readTold: (value: unknown) => Told): StateWith<Told> {
  const kind: unknown = Array.isArray(value) ? value[0] : undefined;
  switch (kind) {
    case kinds.file:
    case kinds.outsideFile: {
      const [, parent, name, content, mtime, executable] = readTuple(value, 6);
      return {
        kind: 'file',
        parent: readId('NodeId', parent),
        name: readName(name),
        content: readTold(content),
        mtimeUs: readMicroseconds(mtime),
        executable: readBoolean(executable),
        fromOutside: kind === kinds.outsideFile,
      };
    }
    case kinds.folder: {
      const [, parent, name] = readTuple(value, 3);
      return { kind: 'folder', parent: readId('NodeId', parent), name: readName(name) };
    }
    case kinds.link: {
      const [, parent, name, target, mtime] = readTuple(value, 5);
      return {
        kind: 'link',
        parent: readId('NodeId', parent),
        name: readName(name),
        target: readName(target),
        mtimeUs: readMicroseconds(mtime),
      };
    }
    default:
      throw new Failure('E_FORMAT', 'a kind of node that this version does not know');
  }
}

export function readState(value: unknown): NodeState {
  return readStateWith(value, readContentRef);
}

export function readPutState(value: unknown): PutState {
  return readStateWith(value, readContent);
}

/** `[epoch, size, id]`. */
export function wireContentRef({ epoch, sizeBytes, id }: ContentRef): CborValue {
  return [epoch, sizeBytes, bytesOfId(id)];
}

export function readContentRef(value: unknown): ContentRef {
  const [epoch, size, id] = readTuple(value, 3);
  return { epoch: readEpoch(epoch), sizeBytes: readSize(size), id: readId('ContentId', id) };
}

/**
 * `[epoch, size, id, chunks, list chunks]`. Chunks stand here where they are 2 to 64: a single one has the content's own
 * id, and the ids of more are in the list chunks.
 */
export function wireContent(content: Content): CborValue {
  return [content.epoch, content.sizeBytes, bytesOfId(content.id), wireChunkIds(inlineChunksOf(content)), wireChunkIds(content.listChunks)];
}

/** The chunks that are written beside a content's reference. Throws E_FAILED for what no content can be. */
export function inlineChunksOf(content: Content): readonly ChunkId[] {
  const fault = findContentFault(content);
  if (fault !== undefined) throw new Failure('E_FAILED', `a content that can't be written: ${fault}`);
  return content.listChunks.length === 0 && content.chunks.length > 1 ? content.chunks : [];
}

function readContent(value: unknown): Content {
  const [epoch, size, id, inline, lists] = readTuple(value, 5);
  const ref = { epoch: readEpoch(epoch), sizeBytes: readSize(size), id: readId('ContentId', id) };
  return contentOf(ref, readChunkIds(inline, limits.inlineChunksMax), readChunkIds(lists, limits.listChunksMax));
}

/**
 * The content of a reference and of what is written beside it. Where the chunks are in list chunks, `chunks` is empty
 * (chunk/content.ts brings them back). Throws E_FORMAT for what no content can be.
 */
export function contentOf(ref: ContentRef, inlineChunks: readonly ChunkId[], listChunks: readonly ChunkId[]): Content {
  if (inlineChunks.length === 1 || (inlineChunks.length > 0 && listChunks.length > 0))
    throw new Failure('E_FORMAT', 'a list of chunks that is not in its place');
  const single = inlineChunks.length === 0 && listChunks.length === 0 && ref.sizeBytes > 0;
  // The id of a content of one chunk is that chunk's id.
  const content = { ...ref, chunks: single ? [ref.id as string as ChunkId] : inlineChunks, listChunks };
  const fault = findContentFault(content);
  if (fault !== undefined) throw new Failure('E_FORMAT', fault);
  return content;
}

/** What no content of a vault can be; a size that its chunks can't add up to is found before anything is fetched. */
function findContentFault({ sizeBytes, chunks, listChunks, id }: Content): string | undefined {
  if (listChunks.length === 0) {
    if (chunks.length > limits.inlineChunksMax) return 'too many chunks for a list of their own';
    if (chunks.length === 1 && chunks[0] !== (id as string)) return 'a single chunk that is not the content';
    return findSizeFault(sizeBytes, chunks.length, chunks.length);
  }
  if (chunks.length > 0 && chunks.length <= limits.inlineChunksMax) return 'a list of its own for a few chunks';
  const full = (listChunks.length - 1) * wireLimits.idsPerListChunk;
  return findSizeFault(sizeBytes, Math.max(full, limits.inlineChunksMax) + 1, full + wireLimits.idsPerListChunk);
}

function findSizeFault(sizeBytes: number, fewest: number, most: number): string | undefined {
  return sizeBytes < fewest || sizeBytes > most * limits.chunkMaxBytes ? 'a size that these chunks do not have' : undefined;
}

function readSize(value: unknown): number {
  return readInt(value, { min: 0, max: wireLimits.countMax });
}

function readMicroseconds(value: unknown): number {
  return readInt(value, { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
}
