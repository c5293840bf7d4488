import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ThreadedWorkshop } from '../../src/agent/threads/threaded-workshop.ts';
import type { WorkerSettings } from '../../src/agent/threads/worker-messages.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Failure } from '../../src/base/failure.ts';
import { systemRandom } from '../../src/base/random.ts';
import { loadPrimitives } from '../../src/crypto/load-primitives.ts';
import { type DiskPath, topPath } from '../../src/disk/disk.ts';
import { linkFolder } from '../../src/disk/link-folder.ts';
import { openNodeDisk } from '../../src/disk/node-disk.ts';
import type { FileReading, FileToRead, WorkshopHost } from '../../src/engine/content/workshop.ts';
import type { ChunkPlace } from '../../src/model/change.ts';
import { type ChunkId, parseId } from '../../src/model/ids.ts';
import type { SealedPack } from '../../src/vault/pack/pack-store.ts';
import { pseudoRandom } from '../cli/describe-folder.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const vaultId = parseId('VaultId', '5a'.repeat(32));
const mark = 'mark of a test'.padEnd(40, '.');
const epochs = new Map([
  [1, new Uint8Array(32).fill(1)],
  [2, new Uint8Array(32).fill(2)],
]);

interface Bench {
  readonly workshop: ThreadedWorkshop;
  readonly files: readonly FileToRead[];
  readonly settings: { worker: WorkerSettings };
}

/** A linked folder with these files, and a workshop over it. */
async function openBench(contents: Readonly<Record<string, Uint8Array>>, primitives: 'sodium' | 'portable' = 'sodium'): Promise<Bench> {
  const rootDir = await temporaryFolder();
  for (const [name, bytes] of Object.entries(contents)) fs.writeFileSync(path.join(rootDir, name), bytes);
  await linkFolder(rootDir, mark);
  const disk = openNodeDisk({ rootDir, mark, clock: systemClock, random: systemRandom });
  const listing = await disk.list(topPath);
  if (typeof listing === 'string') throw new Error(listing);
  const files = listing.entries.map((entry, at): FileToRead => ({
    node: parseId('NodeId', String(at + 1).padStart(32, '0')),
    path: entry.name as string as DiskPath,
    expected: entry,
    sizeBytes: entry.sizeBytes,
  }));
  const secretOf = (epoch: number): Uint8Array => {
    const secret = epochs.get(epoch);
    if (secret === undefined) throw new Failure('E_EPOCH', `no keys of epoch ${epoch}`);
    return secret;
  };
  const settings = { worker: { rootDir, mark, vaultId, primitives: loadPrimitives(primitives).name }, secretOf };
  const workshop = new ThreadedWorkshop(settings);
  onTestFinished(() => workshop.close());
  return { workshop, files, settings };
}

/** Keeps what it is given; says yes once for each chunk, as the engine does. */
class Keeper implements WorkshopHost {
  readonly packs: SealedPack[] = [];
  readonly #claimed = new Set<ChunkId>();

  claimChunks(chunks: readonly ChunkId[]): Promise<boolean[]> {
    return Promise.resolve(
      chunks.map((chunk) => {
        if (this.#claimed.has(chunk)) return false;
        this.#claimed.add(chunk);
        return true;
      }),
    );
  }

  takePack(pack: SealedPack): Promise<void> {
    this.packs.push(pack);
    return Promise.resolve();
  }
}

/** The files' contents, opened again out of the packs. */
async function putTogether(workshop: ThreadedWorkshop, readings: readonly FileReading[], packs: readonly SealedPack[]): Promise<Buffer[]> {
  const opened = new Map<ChunkId, Uint8Array>();
  for (const { directory, parts } of packs) {
    const whole = Buffer.concat(parts);
    expect(whole.byteLength).toBe(directory.sizeBytes);
    const { pack, epoch } = directory;
    const chunks = directory.chunks.map((place: ChunkPlace, ordinal) => ({
      place,
      ordinal,
      sealed: whole.subarray(place.offset, place.offset + place.sealedBytes),
    }));
    const results = await workshop.open({ pack, epoch, chunks });
    for (const [at, result] of results.entries()) {
      const place = directory.chunks[at];
      if (!(result instanceof Uint8Array) || place === undefined) throw new Error(`chunk ${at} does not open`);
      opened.set(place.chunk, result);
    }
  }
  return readings.map((reading) => {
    if (reading.outcome !== 'read') throw new Error(reading.outcome);
    return Buffer.concat(reading.content.chunks.map((chunk) => opened.get(chunk) ?? new Uint8Array()));
  });
}

const contents = {
  large: pseudoRandom(9_000_000),
  'a little text': new TextEncoder().encode('text '.repeat(1000)),
  'the same text': new TextEncoder().encode('text '.repeat(1000)),
  tiny: new Uint8Array([7]),
  nothing: new Uint8Array(),
};

describe.each(['sodium', 'portable'] as const)('with %s', (primitives) => {
  test('files go through the threads into packs and out of them again, equal chunks once', async () => {
    const { workshop, files } = await openBench(
      primitives === 'sodium' ? contents : { ...contents, large: contents.large.subarray(0, 1_000_000) },
      primitives,
    );
    const keeper = new Keeper();
    const half = Math.ceil(files.length / 2);
    const jobs = [files.slice(0, half), files.slice(half)].map((part) => workshop.read({ how: 'upload', epoch: 1, files: part }, keeper));
    const readings = (await Promise.all(jobs)).flat();
    await workshop.flush(keeper);
    const chunks = keeper.packs.flatMap(({ directory }) => directory.chunks.map(({ chunk }) => chunk));
    expect(new Set(chunks).size).toBe(chunks.length);
    const found = await putTogether(workshop, readings, keeper.packs);
    const names = files.map((file) => file.path as string);
    expect(found.map((bytes) => bytes.byteLength)).toEqual(files.map(({ sizeBytes }) => sizeBytes));
    expect(found[names.indexOf('the same text')]?.toString()).toBe('text '.repeat(1000));
    const large = found[names.indexOf('large')] ?? Buffer.alloc(0);
    expect(large.equals(contents.large.subarray(0, large.byteLength))).toBe(true);
  });
});

test('hashing hands over nothing', async () => {
  const { workshop, files } = await openBench({ file: contents.tiny });
  const keeper = new Keeper();
  const [reading] = await workshop.read({ how: 'hash', epoch: 2, files }, keeper);
  await workshop.flush(keeper);
  expect(reading).toMatchObject({ outcome: 'read', content: { epoch: 2, sizeBytes: 1 } });
  expect(keeper.packs).toEqual([]);
});

test('a file that is not what it was is told, not read', async () => {
  const { workshop, files } = await openBench({ file: contents.tiny });
  const changed = files.map((file) => ({ ...file, expected: { ...file.expected, fingerprint: 'another' } }));
  const gone = files.map((file) => ({ ...file, path: 'no such file' as DiskPath }));
  const readings = await workshop.read({ how: 'upload', epoch: 1, files: [...changed, ...gone] }, new Keeper());
  expect(readings.map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
});

test('a store that takes nothing for a while slows the reading down', async () => {
  const { workshop, files } = await openBench({ large: pseudoRandom(60_000_000) });
  const { promise: room, resolve: makeRoom } = Promise.withResolvers<void>();
  const { promise: full, resolve: isFull } = Promise.withResolvers<void>();
  const claims: number[] = [];
  const keeper = new Keeper();
  const host: WorkshopHost = {
    claimChunks: (chunks) => {
      claims.push(chunks.length);
      return keeper.claimChunks(chunks);
    },
    takePack: async (pack) => {
      isFull();
      await room;
      await keeper.takePack(pack);
    },
  };
  const reading = workshop.read({ how: 'upload', epoch: 1, files }, host);
  await full;
  const before = claims.length;
  // Another thread does as much work as it takes; the first one waits all the while.
  await workshop.read({ how: 'hash', epoch: 1, files }, keeper);
  expect(claims.length).toBe(before);
  makeRoom();
  await reading;
  await workshop.flush(host);
  expect(claims.length).toBeGreaterThan(before);
  expect(
    keeper.packs.reduce((sum, { directory }) => sum + directory.chunks.reduce((bytes, { plainBytes }) => bytes + plainBytes, 0), 0),
  ).toBe(60_000_000);
});

test('small files are read on while the engine answers nobody, and no further than some jobs', async () => {
  const { workshop, files } = await openBench(
    Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`file ${at}`, new Uint8Array([at])])),
  );
  const { promise: answers, resolve: answer } = Promise.withResolvers<void>();
  const { promise: sixAsk, resolve: theSixth } = Promise.withResolvers<void>();
  const keeper = new Keeper();
  let asked = 0;
  const host: WorkshopHost = {
    claimChunks: async (chunks) => {
      asked += 1;
      if (asked === 6) theSixth();
      await answers;
      return keeper.claimChunks(chunks);
    },
    takePack: (pack) => keeper.takePack(pack),
  };
  const reading = Promise.all(files.map((file) => workshop.read({ how: 'upload', epoch: 1, files: [file] }, host)));
  await sixAsk;
  expect(asked).toBe(6);
  answer();
  const readings = (await reading).flat();
  await workshop.flush(host);
  expect(asked).toBe(9);
  expect((await putTogether(workshop, readings, keeper.packs)).map(([byte]) => byte)).toEqual(
    files.map(({ path: name }) => Number(name.at(-1))),
  );
});

test('what was opened is gone once it was given back', async () => {
  const { workshop, files } = await openBench({ file: pseudoRandom(300_000) });
  const keeper = new Keeper();
  await workshop.read({ how: 'upload', epoch: 1, files }, keeper);
  await workshop.flush(keeper);
  for (const { directory, parts } of keeper.packs) {
    const whole = Buffer.concat(parts);
    const { pack, epoch } = directory;
    const chunks = directory.chunks.map((place: ChunkPlace, ordinal) => {
      const { offset, sealedBytes } = place;
      return { place, ordinal, sealed: whole.subarray(offset, offset + sealedBytes) };
    });
    const opened = await workshop.open({ pack, epoch, chunks });
    const lengths = (): number[] => opened.map((chunk) => (chunk instanceof Uint8Array ? chunk.byteLength : -1));
    expect(lengths()).toEqual(directory.chunks.map(({ plainBytes }) => plainBytes));
    workshop.giveBack(opened);
    expect(lengths()).toEqual(directory.chunks.map(() => 0));
  }
});

test('the collector looks less while large chunks are opened, and as often as before when files are read', async () => {
  const { workshop, files } = await openBench({ file: pseudoRandom(300_000) });
  const keeper = new Keeper();
  await workshop.read({ how: 'upload', epoch: 1, files }, keeper);
  await workshop.flush(keeper);
  const setFlags = vi.spyOn(v8, 'setFlagsFromString');
  onTestFinished(() => setFlags.mockRestore());
  const growth = (): string | undefined => setFlags.mock.calls.map(([flag]) => flag).findLast((flag) => flag.includes('heap-growing'));
  await putTogether(workshop, await workshop.read({ how: 'hash', epoch: 1, files }, keeper), keeper.packs);
  expect(growth()).toBe('--heap-growing-percent=400');
  await workshop.read({ how: 'hash', epoch: 1, files }, keeper);
  expect(growth()).toBe('--heap-growing-percent=60');
});

/** A host that answers no claim before it is let. */
function slowHost(keeper: Keeper): { readonly host: WorkshopHost; readonly asked: Promise<void>; readonly answer: () => void } {
  const [asked, answers] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const claimChunks: WorkshopHost['claimChunks'] = async (chunks) => {
    asked.resolve();
    await answers.promise;
    return keeper.claimChunks(chunks);
  };
  return { host: { claimChunks, takePack: (pack) => keeper.takePack(pack) }, asked: asked.promise, answer: answers.resolve };
}

test('a file waits behind no large one while another thread has nothing to do', async () => {
  const { workshop, files } = await openBench({ first: pseudoRandom(200_000), second: pseudoRandom(100_000), third: pseudoRandom(50_000) });
  const [first, second, third] = ['first', 'second', 'third'].map((name) => files.filter((file) => file.path === (name as DiskPath)));
  const keeper = new Keeper();
  const { host, asked, answer } = slowHost(keeper);
  const long = workshop.read({ how: 'upload', epoch: 1, files: first ?? [] }, host);
  // All are given before the first of them has begun.
  const others = [second, third].map((some) => workshop.read({ how: 'upload', epoch: 1, files: some ?? [] }, keeper));
  await asked;
  for (const other of others) expect(await other).toMatchObject([{ outcome: 'read' }]);
  answer();
  expect(await long).toMatchObject([{ outcome: 'read' }]);
  await workshop.flush(keeper);
});

test('what waits for a thread is not read any more when the run is given up', async () => {
  const { workshop, files } = await openBench({ large: pseudoRandom(200_000) });
  const keeper = new Keeper();
  const slow = [slowHost(keeper), slowHost(keeper)];
  const reading = slow.map(({ host }) => workshop.read({ how: 'upload', epoch: 1, files }, host));
  const stopping = new AbortController();
  const waiting = workshop.read(
    { how: 'hash', epoch: 1, files },
    { claimChunks: (chunks) => keeper.claimChunks(chunks), takePack: (pack) => keeper.takePack(pack), signal: stopping.signal },
  );
  const outcome = waiting.catch((error: unknown) => error);
  await Promise.all(slow.map(({ asked }) => asked));
  stopping.abort(new Error('given up'));
  for (const { answer } of slow) answer();
  expect(await outcome).toMatchObject({ message: 'given up' });
  for (const each of await Promise.all(reading)) expect(each).toMatchObject([{ outcome: 'read' }]);
  await workshop.flush(keeper);
});

describe('what goes wrong', () => {
  test('comes back as it was thrown where the engine threw it', async () => {
    const { workshop, files } = await openBench(contents);
    const error = new Error('the store is full');
    const host: WorkshopHost = { claimChunks: () => Promise.reject(error), takePack: () => Promise.reject(error) };
    await expect(workshop.read({ how: 'upload', epoch: 1, files }, host)).rejects.toBe(error);
    const keeper = new Keeper();
    const readings = await workshop.read({ how: 'upload', epoch: 1, files }, keeper);
    await workshop.flush(keeper);
    expect(readings).toHaveLength(files.length);
  });

  test('a damaged chunk is told by its code, the others come all the same', async () => {
    const { workshop, files } = await openBench({ one: new Uint8Array(100).fill(1), two: new Uint8Array(100).fill(2) });
    const keeper = new Keeper();
    await workshop.read({ how: 'upload', epoch: 1, files }, keeper);
    await workshop.flush(keeper);
    const pack = keeper.packs[0];
    if (pack === undefined) throw new Error('no pack');
    const whole = Buffer.concat(pack.parts);
    const chunks = pack.directory.chunks.map((place, ordinal) => ({
      place,
      ordinal,
      sealed: whole.subarray(place.offset, place.offset + place.sealedBytes),
    }));
    const first = chunks[0];
    if (first === undefined) throw new Error('no chunk');
    const damaged = { ...first, sealed: first.sealed.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) };
    const results = await workshop.open({ pack: pack.directory.pack, epoch: 1, chunks: [damaged, ...chunks] });
    expect(results[0]).toMatchObject({ code: 'E_TAMPER' });
    expect(results.slice(1).every((result) => result instanceof Uint8Array)).toBe(true);
  });

  test('an epoch that nobody has keys for', async () => {
    const { workshop, files } = await openBench(contents);
    await expect(workshop.read({ how: 'upload', epoch: 9, files }, new Keeper())).rejects.toMatchObject({ code: 'E_EPOCH' });
  });

  test('a worker that dies fails its work clearly; the next work finds another', async () => {
    const { workshop, files, settings } = await openBench(contents);
    const { worker } = settings;
    settings.worker = undefined as never; // kills a worker as it starts
    await expect(workshop.read({ how: 'upload', epoch: 1, files }, new Keeper())).rejects.toMatchObject({
      code: 'E_FAILED',
      message: expect.stringMatching(/^a worker thread failed: /) as string,
    });
    settings.worker = worker;
    const keeper = new Keeper();
    const readings = await workshop.read({ how: 'upload', epoch: 1, files }, keeper);
    await workshop.flush(keeper);
    const found = await putTogether(workshop, readings, keeper.packs);
    expect(found.map((bytes) => bytes.byteLength)).toEqual(files.map(({ sizeBytes }) => sizeBytes));
  });

  test('nothing can be asked of a closed workshop, and what was under way fails', async () => {
    const { workshop, files } = await openBench({ large: pseudoRandom(20_000_000) });
    const never: WorkshopHost = { claimChunks: () => new Promise(() => {}), takePack: () => Promise.resolve() };
    const reading = workshop.read({ how: 'upload', epoch: 1, files }, never);
    const [outcome] = await Promise.allSettled([reading, workshop.close()]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'E_FAILED' } });
    await expect(workshop.read({ how: 'hash', epoch: 1, files }, new Keeper())).rejects.toMatchObject({ code: 'E_FAILED' });
  });
});
