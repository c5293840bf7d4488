/**
 * The Workshop port: where bytes are read, cut, hashed, compressed, sealed, opened. In the program it is a set of worker
 * threads, in simulations it runs in line; both run the same code (chunk-reader.ts, pack-pool.ts).
 */
import type { FailureCode } from '../../base/failure.ts';
import type { DiskPath, Expected, Observed } from '../../disk/disk.ts';
import type { ChunkPlace } from '../../model/change.ts';
import type { ChunkId, NodeId, PackId } from '../../model/ids.ts';
import type { Content } from '../../model/node.ts';
import type { SealedPack } from '../../vault/pack/pack-store.ts';

/** A file to read, as it was seen last. */
export interface FileToRead {
  readonly node: NodeId;
  readonly path: DiskPath;
  readonly expected: Exclude<Expected, 'absent'>;
  readonly sizeBytes: number;
}

export interface ReadJob {
  /** 'hash' only finds the content's id, 'upload' also packs chunks that the store lacks. */
  readonly how: 'hash' | 'upload';
  /** Epoch whose keys name (and seal) the chunks. */
  readonly epoch: number;
  readonly files: readonly FileToRead[];
}

/** What reading a file found. 'changed': it is not what was seen last, or changed while it was read; 'too-large': no vault can hold it. */
export type FileReading =
  | { readonly node: NodeId; readonly outcome: 'changed' | 'unreadable' | 'too-large' }
  | { readonly node: NodeId; readonly outcome: 'read'; readonly now: Observed; readonly content: Content };

/** What the workshop asks of the engine while it works. */
export interface WorkshopHost {
  /** What is not begun when it is aborted is not begun any more. */
  readonly signal?: AbortSignal;
  /** Which of these chunks have to be packed. Says yes once for each: the asker packs it. */
  claimChunks(chunks: readonly ChunkId[]): Promise<readonly boolean[]>;
  /** Takes a full pack. Resolving late is how the store slows the reading down. */
  takePack(pack: FullPack): Promise<void>;
}

/** A pack on its way to the store. */
export interface FullPack extends SealedPack {
  /** To be called once it is durable there; its parts must not be looked at afterwards. After a failure they are kept. */
  stored(): void;
}

/** Sealed chunks of one pack. */
export interface OpenJob {
  readonly pack: PackId;
  readonly epoch: number;
  readonly chunks: readonly { readonly place: ChunkPlace; readonly ordinal: number; readonly sealed: Uint8Array }[];
}

/** Why a chunk was not accepted. */
export interface ChunkFault {
  readonly code: FailureCode;
  readonly message: string;
  /** It opens, and is something else: not the store's doing, but of whoever sealed it. */
  readonly isLie: boolean;
}

export interface Workshop {
  /** Jobs that may usefully run beside each other. */
  readonly width: number;
  read(job: ReadJob, host: WorkshopHost): Promise<readonly FileReading[]>;
  /** Hands over every pack that is still open, however empty. Chunks claimed so far are all in packs handed over then. */
  flush(host: WorkshopHost): Promise<void>;
  /** The chunks' plaintexts in order, each verified against its id; for one that is not what it should be, what is wrong. */
  open(job: OpenJob): Promise<readonly (Uint8Array | ChunkFault)[]>;
  /** Nobody looks at what `open` gave any more: waiting for the collector would keep many megabytes, and have it look all the time. */
  giveBack(opened: readonly (Uint8Array | ChunkFault)[]): void;
  close(): Promise<void>;
}
