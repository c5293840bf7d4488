import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { StoreFolder } from '../attack/store-folder.ts';
import { describeFolder } from '../cli/describe-folder.ts';
import { mustSucceed, Program, type Running } from '../cli/program.ts';
import { checkFigure } from './check-figure.ts';
import { PeakMemory } from './peak-memory.ts';
import { scale, testTimeoutMs } from './scale.ts';
import { insertByteAtFront, writeLargeFile, writeSmallFiles } from './write-files.ts';

const memoryMaxBytes = 300_000_000;

/** A store on a server, and the runs of devices on it, each of them measured. */
class World {
  readonly program: Program;
  readonly store: StoreFolder;
  readonly url: string;
  readonly #context: TestContext;
  readonly #memory: PeakMemory;
  readonly #server: Running;

  private constructor(program: Program, context: TestContext, memory: PeakMemory, server: { url: string; running: Running }) {
    this.program = program;
    this.store = new StoreFolder(program.at('server/stores/vault'));
    this.url = server.url;
    this.#context = context;
    this.#memory = memory;
    this.#server = server.running;
  }

  static async open(context: TestContext): Promise<World> {
    const program = await Program.open();
    const memory = new PeakMemory(program);
    return new World(program, context, memory, await program.startServer(undefined, { env: memory.env }));
  }

  async sync(device: string, what: string): Promise<void> {
    mustSucceed(await this.program.on(device, ['sync'], { env: this.#memory.env }));
    this.#checkMemory(what);
  }

  async stopServer(): Promise<void> {
    this.#server.child.kill('SIGTERM');
    mustSucceed(await this.#server.ended);
    this.#checkMemory('the server, all the time');
  }

  #checkMemory(what: string): void {
    checkFigure(this.#context, { what: `memory: ${what}`, measured: this.#memory.take(), limit: memoryMaxBytes, unit: 'MB' });
  }

  /** What the store has more after it, by name; the hint is always the same one. */
  async added(act: () => Promise<void>): Promise<{ readonly names: readonly string[]; readonly bytes: number }> {
    const before = new Set(this.store.names());
    await act();
    const names = this.store.names().filter((name) => !before.has(name));
    return { names, bytes: names.reduce((sum, name) => sum + fs.statSync(this.store.path(name)).size, 0) };
  }
}

test('many small files: few objects, one small entry for a folder renamed, little memory', { timeout: testTimeoutMs }, async (context) => {
  const { smallFiles, renamedFiles, objectsMax } = scale;
  const world = await World.open(context);
  const { program, url } = world;
  writeSmallFiles(program.at('alice/many'), renamedFiles, 1);
  writeSmallFiles(program.at('alice/others'), smallFiles - renamedFiles, 2);
  const recoveryKey = await program.init('alice', url);
  const { names } = await world.added(() => world.sync('alice', `${smallFiles} small files go up`));
  checkFigure(context, {
    what: `objects that ${smallFiles} small files become`,
    measured: names.length,
    limit: objectsMax,
    unit: 'objects',
  });

  await program.join('bob', url, recoveryKey);
  await world.sync('bob', 'they come down');
  await program.sync('alice', 'bob');

  execFileSync('cp', ['-a', program.at('alice'), program.at('carol')]);
  fs.rmSync(program.at('carol/.cachette'), { recursive: true });
  await program.join('carol', url, recoveryKey);
  const adopted = await world.added(() => world.sync('carol', 'they are adopted where they lie already'));
  expect(adopted.names.filter((name) => name.startsWith('packs/'))).toEqual([]);
  await program.sync('alice', 'bob', 'carol');

  fs.renameSync(program.at('bob/many'), program.at('bob/renamed'));
  const renamed = await world.added(() => world.sync('bob', `a folder of ${renamedFiles} files is renamed`));
  expect(renamed.names).toEqual([expect.stringMatching(/^journal\//)]);
  checkFigure(context, { what: `a folder of ${renamedFiles} files renamed adds`, measured: renamed.bytes, limit: 8_000, unit: 'KB' });
  await world.sync('alice', 'that arrives');

  await program.sync('carol');
  await world.stopServer();
  const tree = describeFolder(program.at('alice'));
  expect(Object.keys(tree).filter((name) => /^renamed\/.*\/file/.test(name))).toHaveLength(renamedFiles);
  expect(describeFolder(program.at('bob'))).toEqual(tree);
  expect(describeFolder(program.at('carol'))).toEqual(tree);
});

/**
 * Where the first chunk ends is up to the vault's own key: 1 MiB on average, and in one vault of a hundred nearly the 4 MiB
 * that a chunk may have. So a single file would say little about the rule, and three say it surely.
 */
test('one byte at the front of large files adds less than 4 MiB for each', { timeout: testTimeoutMs }, async (context) => {
  const world = await World.open(context);
  const { program, url } = world;
  const recoveryKey = await program.init('alice', url);
  const files = scale.largeFiles.map((sizeBytes, number) => {
    const file = program.at('alice', `large ${number}`);
    writeLargeFile(file, sizeBytes, number);
    return file;
  });
  await world.sync('alice', 'large files go up');
  for (const file of files) insertByteAtFront(file);
  const { bytes } = await world.added(() => world.sync('alice', 'a byte at the front of each'));
  checkFigure(context, { what: 'a byte at the front of a large file adds', measured: bytes / files.length, limit: 4 << 20, unit: 'KB' });

  await program.join('bob', url, recoveryKey);
  await world.sync('bob', 'large files come down');
  await world.stopServer();
  const tree = describeFolder(program.at('bob'));
  for (const [number, sizeBytes] of scale.largeFiles.entries()) expect(tree[`large ${number}`]).toContain(`file ${sizeBytes + 1} `);
  expect(tree).toEqual(describeFolder(program.at('alice')));
});
