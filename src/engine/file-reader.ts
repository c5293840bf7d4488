/** The workshop's work itself: reads files, cuts them into chunks, names them, packs what the store lacks; opens chunks. */
import type { Random } from '../base/random.ts';
import { fraction } from '../base/random.ts';
import { Failure } from '../base/failure.ts';
import { toHex } from '../base/bytes.ts';
import type { Disk } from '../disk/disk.ts';
import { parseId, type ChunkId } from '../model/ids.ts';
import type { Content } from '../model/node.ts';
import { chunkIdOf, openChunk, sealChunk } from '../vault/chunk/chunk-codec.ts';
import { ChunkStream } from '../vault/chunk/chunk-stream.ts';
import { contentIdOf, listPlaintexts } from '../vault/chunk/content.ts';
import { CutRule } from '../vault/chunk/cut-rule.ts';
import { PackBuilder } from '../vault/pack/pack-builder.ts';
import type { ContentKeys, Sealing } from '../vault/sealing.ts';
import type { ChunkFault, FileReading, FileToRead, OpenJob, ReadJob, Workshop, WorkshopHost } from './workshop.ts';

/** Chunks in hand before the host is asked which of them are needed. Bounds memory: this much plaintext, and one block. */
const windowBytes = 4 * 1024 * 1024;
const windowChunks = 256;
const blockBytes = 1024 * 1024;
/** Packs open at a time: which chunks share a pack is left to chance, so that a pack's size tells less (design: A33, A34). */
const openPacks = 2;

/** What a file reader works with. */
export interface FileReaderParts {
  readonly disk: Disk;
  readonly sealing: Sealing;
  readonly random: Random;
  epochKeys(epoch: number): ContentKeys;
}

interface NamedChunk {
  readonly chunk: ChunkId;
  readonly plain: Uint8Array;
}

/** A workshop that works in line, in whatever thread it is made in. One call of `read` or `flush` at a time. */
export class FileReader implements Workshop {
  readonly width = 1;
  readonly #parts: FileReaderParts;
  readonly #rules = new Map<number, CutRule>();
  #packs: PackBuilder[] = [];
  #window: NamedChunk[] = [];
  #windowBytes = 0;

  constructor(parts: FileReaderParts) {
    this.#parts = parts;
  }

  async read(job: ReadJob, host: WorkshopHost): Promise<readonly FileReading[]> {
    const readings: FileReading[] = [];
    for (const file of job.files) readings.push(await this.#readFile(job, file, host));
    await this.#pack(job, host);
    return readings;
  }

  async flush(host: WorkshopHost): Promise<void> {
    const packs = this.#packs;
    this.#packs = [];
    for (const pack of packs) await this.#handOver(pack, host);
  }

  open({ pack, epoch, chunks }: OpenJob): Promise<readonly (Uint8Array | ChunkFault)[]> {
    const keys = this.#parts.epochKeys(epoch);
    return Promise.resolve(
      chunks.map(({ place, ordinal, sealed }) => {
        try {
          return openChunk(this.#parts.sealing, keys, { pack, ordinal, chunk: place.chunk, plainBytes: place.plainBytes }, sealed);
        } catch (error) {
          if (error instanceof Failure) return { code: error.code, message: error.message };
          throw error;
        }
      }),
    );
  }

  close(): Promise<void> {
    this.#packs = [];
    return Promise.resolve();
  }

  async #readFile(job: ReadJob, file: FileToRead, host: WorkshopHost): Promise<FileReading> {
    const keys = this.#parts.epochKeys(job.epoch);
    const stream = new ChunkStream(this.#ruleOf(keys));
    const ids: ChunkId[] = [];
    let sizeBytes = 0;
    const take = async (plain: Uint8Array): Promise<void> => {
      const id = chunkIdOf(this.#parts.sealing.primitives, keys, plain);
      ids.push(id);
      if (job.how === 'upload') await this.#hold(job, { chunk: id, plain }, host);
    };
    const outcome = await this.#parts.disk.read(
      file.path,
      file.expected,
      async (block) => {
        sizeBytes += block.byteLength;
        for (const chunk of stream.push(block)) await take(chunk);
      },
      blockBytes,
    );
    const rest = stream.end();
    if (rest !== undefined) await take(rest);
    if (outcome === 'changed' || outcome === 'unreadable') return { node: file.node, outcome };
    return { node: file.node, outcome: 'read', now: outcome.now, content: await this.#describe(job, { ids, sizeBytes }, host) };
  }

  /** A long list of chunks goes into chunks of its own, which are packed like any other. */
  async #describe(
    job: ReadJob,
    found: { readonly ids: readonly ChunkId[]; readonly sizeBytes: number },
    host: WorkshopHost,
  ): Promise<Content> {
    const { primitives } = this.#parts.sealing;
    const keys = this.#parts.epochKeys(job.epoch);
    const listChunks: ChunkId[] = [];
    for (const plain of listPlaintexts(found.ids)) {
      const chunk = chunkIdOf(primitives, keys, plain);
      listChunks.push(chunk);
      if (job.how === 'upload') await this.#hold(job, { chunk, plain }, host);
    }
    return { epoch: job.epoch, id: contentIdOf(primitives, keys, found.ids), sizeBytes: found.sizeBytes, chunks: found.ids, listChunks };
  }

  async #hold(job: ReadJob, chunk: NamedChunk, host: WorkshopHost): Promise<void> {
    this.#window.push(chunk);
    this.#windowBytes += chunk.plain.byteLength;
    if (this.#windowBytes >= windowBytes || this.#window.length >= windowChunks) await this.#pack(job, host);
  }

  /** Asks which of the chunks in hand are needed, and packs those. */
  async #pack({ epoch }: ReadJob, host: WorkshopHost): Promise<void> {
    const held = this.#window;
    this.#window = [];
    this.#windowBytes = 0;
    if (held.length === 0) return;
    const needed = await host.claimChunks(held.map(({ chunk }) => chunk));
    const keys = this.#parts.epochKeys(epoch);
    for (const [at, chunk] of held.entries()) if (needed[at] === true) await this.#packChunk(keys, chunk, host);
  }

  async #packChunk(keys: ContentKeys, { chunk, plain }: NamedChunk, host: WorkshopHost): Promise<void> {
    const { pack, ordinal } = await this.#room(keys, plain.byteLength, host);
    const sealed = sealChunk(this.#parts.sealing, keys, { pack: pack.pack, ordinal }, { chunk, plain });
    pack.add(ordinal, { chunk, plainBytes: plain.byteLength, sealed });
    if (pack.isFull) await this.#close(pack, host);
  }

  async #room(keys: ContentKeys, plainBytes: number, host: WorkshopHost): Promise<{ pack: PackBuilder; ordinal: number }> {
    for (;;) {
      const pack = this.#somePack(keys);
      const ordinal = pack.reserve(plainBytes);
      if (ordinal !== undefined) return { pack, ordinal };
      await this.#close(pack, host);
    }
  }

  #somePack(keys: ContentKeys): PackBuilder {
    const at = Math.floor(fraction(this.#parts.random) * openPacks);
    const open = this.#packs.filter(({ epoch }) => epoch === keys.epoch)[at];
    if (open !== undefined) return open;
    const pack = new PackBuilder(this.#parts.sealing, keys, parseId('PackId', toHex(this.#parts.random.bytes(16))));
    this.#packs.push(pack);
    return pack;
  }

  async #close(pack: PackBuilder, host: WorkshopHost): Promise<void> {
    this.#packs = this.#packs.filter((open) => open !== pack);
    await this.#handOver(pack, host);
  }

  async #handOver(pack: PackBuilder, host: WorkshopHost): Promise<void> {
    if (pack.chunkCount > 0) await host.takePack(pack.finish());
  }

  #ruleOf(keys: ContentKeys): CutRule {
    const known = this.#rules.get(keys.epoch);
    if (known !== undefined) return known;
    const rule = new CutRule(this.#parts.sealing.primitives, keys.cutKey);
    this.#rules.set(keys.epoch, rule);
    return rule;
  }
}
