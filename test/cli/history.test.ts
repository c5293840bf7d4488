import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runInProcess, type CliOutcome } from '../attack/in-process-cli.ts';
import { Program } from './program.ts';

interface Row {
  readonly version: string;
  readonly path: string;
  readonly kind: string;
  readonly size: number;
  readonly mtime: string | null;
  readonly device: string;
  readonly at: string;
  readonly deleted: boolean;
}

/** Two devices over a store in a folder, everything below one folder of the test. */
class World {
  readonly place: string;
  #recoveryKey = '';

  private constructor(place: string) {
    this.place = place;
  }

  static async open(files: Record<string, string>): Promise<World> {
    const world = new World(fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-history-')));
    for (const name of ['store', 'ann', 'bob']) fs.mkdirSync(world.at(name));
    for (const [file, text] of Object.entries(files)) world.write('ann', file, text);
    const init = await world.json<{ recoveryKey: string }>('ann', [...world.#linking('init', 'ann'), '--no-passphrase']);
    world.#recoveryKey = init.recoveryKey;
    await world.sync('ann');
    return world;
  }

  /** The other device comes. */
  async join(): Promise<void> {
    await this.json('bob', [...this.#linking('join', 'bob'), '--recovery-key', this.#recoveryKey]);
  }

  at(...names: readonly string[]): string {
    return path.join(this.place, ...names);
  }

  write(device: string, file: string, text: string): void {
    fs.mkdirSync(path.dirname(this.at(device, file)), { recursive: true });
    fs.writeFileSync(this.at(device, file), text);
  }

  /** Texts of the files in a device's folder, by path. */
  read(device: string, below = ''): Record<string, string> {
    const names = fs.readdirSync(this.at(device, below), { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => below !== '' || !name.startsWith('.cachette'));
    const whole = files.filter((name) => fs.statSync(this.at(device, below, name)).isFile());
    return Object.fromEntries(whole.toSorted().map((name) => [name, fs.readFileSync(this.at(device, below, name), 'utf8')]));
  }

  run(device: string, args: readonly string[]): Promise<CliOutcome> {
    return runInProcess(['--profile', this.at(`profile-${device}`), ...args]);
  }

  async json<Result = readonly Row[]>(device: string, args: readonly string[]): Promise<Result> {
    const { exitCode, stdout, stderr } = await this.run(device, [...args, '--json']);
    if (exitCode !== 0) throw new Error(`ended with ${exitCode}: ${stderr}`);
    return JSON.parse(stdout) as Result;
  }

  async sync(...devices: readonly string[]): Promise<void> {
    for (const device of devices) {
      const { exitCode, stderr } = await this.run(device, ['sync', '--quiet']);
      if (exitCode !== 0) throw new Error(`ended with ${exitCode}: ${stderr}`);
    }
  }

  #linking(command: string, device: string): string[] {
    const store = `file://${this.at('store')}`;
    return [command, '--store', store, '--folder', this.at(device), '--name', device, '--key-storage', 'file'];
  }
}

/** A vault with a past: edits by both, a renamed folder, removals. */
async function withPast(): Promise<World> {
  const world = await World.open({ 'docs/plan.md': 'v1', 'docs/gone.txt': 'was here', 'keep.txt': 'keep' });
  world.write('ann', 'docs/plan.md', 'v2 by ann');
  await world.sync('ann');
  fs.renameSync(world.at('ann', 'docs'), world.at('ann', 'papers'));
  await world.sync('ann');
  await world.join();
  await world.sync('bob');
  fs.rmSync(world.at('bob', 'papers/gone.txt'));
  world.write('bob', 'papers/plan.md', 'third version');
  await world.sync('bob', 'ann');
  return world;
}

/** Each goes on from where the one before it stopped: a vault with a past takes many commands. */
describe('the past on the command line', () => {
  let world: World;
  let place = '';
  let second: Row | undefined;
  let first: Row | undefined;

  beforeAll(async () => {
    world = await withPast();
    ({ place } = world);
  }, 180_000);

  afterAll(() => {
    fs.rmSync(place, { recursive: true, force: true });
  });

  test('history follows a file through edits on two devices and the renames of its folder', async () => {
    const rows = await world.json('ann', ['history', 'papers/plan.md']);
    [, second, first] = rows;
    expect(rows.map(({ path: at, size, device, deleted }) => [at, size, device, deleted])).toEqual([
      ['papers/plan.md', 13, 'bob', false],
      ['docs/plan.md', 9, 'ann', false],
      ['docs/plan.md', 2, 'ann', false],
    ]);
    for (const { at, mtime, version } of rows) {
      expect(new Date(at).toISOString()).toBe(at);
      expect(new Date(mtime ?? '').toISOString()).toBe(mtime);
      expect(version).toMatch(/^\d{12}-[0-9a-f]{16}:\d+$/);
    }
    // What once stood there counts, also by its old name; and on every device.
    expect((await world.json('bob', ['history', 'docs/plan.md'])).map(({ size }) => size)).toEqual([13, 9, 2]);
    expect((await world.json('bob', ['history', 'papers/gone.txt'])).map(({ deleted }) => deleted)).toEqual([true, false]);
    expect(await world.json('bob', ['history', 'never'])).toEqual([]);
    const gone = await world.json('ann', ['history', '--deleted']);
    expect(gone).toMatchObject([{ path: 'papers/gone.txt', size: 8, device: 'bob', deleted: true }]);
    expect(await world.json('ann', ['history', '--deleted', 'docs'])).toEqual(gone);
    expect((await world.run('ann', ['history'])).exitCode).toBe(2);
    expect((await world.run('ann', ['history', 'keep.txt'])).stdout).toContain('keep.txt  (ann)');
  });

  test('restore refuses what it can not know, and says why', async () => {
    for (const [args, exitCode, code] of [
      [['restore', 'never'], 1, 'E_NOT_FOUND'],
      [['restore', 'papers/plan.md', '--version', 'none'], 1, 'E_NOT_FOUND'],
      [['restore', 'papers'], 2, 'E_USAGE'],
      [['restore', 'papers/plan.md', '--at', 'yesterday'], 2, 'E_USAGE'],
      [['restore', 'papers/plan.md', '--at', '2h', '--version', 'x'], 2, 'E_USAGE'],
      [['restore', 'papers/plan.md', '--at', '2001-01-01'], 1, 'E_NOT_FOUND'],
      [['restore', 'papers/gone.txt', '--to', 'keep.txt/below'], 1, 'E_IN_THE_WAY'],
      [['restore', 'papers/gone.txt', '--to', '../outside'], 1, 'E_UNSAFE_NAME'],
      [['rewind'], 2, 'E_USAGE'],
      [['rewind', 'keep.txt', '--to', '0s'], 2, 'E_USAGE'],
      [['rewind', 'docs', '--to', '0s'], 1, 'E_NOT_FOUND'],
    ] as const) {
      const outcome = await world.run('ann', args);
      expect([args, outcome.exitCode, outcome.stderr]).toEqual([args, exitCode, expect.stringContaining(code) as string]);
    }
    expect(world.read('ann')).toEqual({ 'keep.txt': 'keep', 'papers/plan.md': 'third version' });
    expect(fs.existsSync(world.at('outside'))).toBe(false);
  });

  test('what the store spoiled ends with its code and leaves the folder as it is', async () => {
    const files = world.read('ann');
    fs.cpSync(world.at('store'), world.at('kept'), { recursive: true });
    for (const pack of fs.globSync('packs/*/*', { cwd: world.at('store') })) {
      const bytes = fs.readFileSync(world.at('store', pack));
      fs.chmodSync(world.at('store', pack), 0o600);
      fs.writeFileSync(
        world.at('store', pack),
        bytes.map((byte, at) => (at > 10 ? byte ^ 1 : byte)),
      );
    }
    const outcome = await world.run('ann', ['restore', 'papers/gone.txt']);
    expect([outcome.exitCode, outcome.stderr]).toEqual([5, expect.stringContaining('E_TAMPER') as string]);
    expect(world.read('ann')).toEqual(files);
    expect(fs.readdirSync(world.at('ann/.cachette/staged'))).toEqual([]);
    fs.rmSync(world.at('store'), { recursive: true });
    fs.renameSync(world.at('kept'), world.at('store'));
  });

  test('restore brings back to its place, to another, a version, a time', async () => {
    expect(await world.json('ann', ['restore', 'papers/gone.txt'])).toEqual({ path: 'papers/gone.txt', files: 1, folders: 0 });
    await world.json('ann', ['restore', 'papers/plan.md', '--version', first?.version ?? '', '--to', 'old/first.md']);
    await world.json('ann', ['restore', 'docs/plan.md', '--at', second?.at ?? '', '--to', 'old/second.md']);
    await world.json('bob', ['restore', 'papers/plan.md']);
    await world.sync('ann', 'bob');
    const files = {
      'keep.txt': 'keep',
      'old/first.md': 'v1',
      'old/second.md': 'v2 by ann',
      'papers/gone.txt': 'was here',
      'papers/plan.md': 'v2 by ann',
    };
    expect(world.read('ann')).toEqual(files);
    expect(world.read('bob')).toEqual(files);
    // What it replaced is in the trash of that device, and in the history.
    expect(Object.values(world.read('bob', '.cachette/trash'))).toContain('third version');
    expect((await world.json('ann', ['history', 'papers/plan.md'])).map(({ size }) => size)).toEqual([9, 13, 9, 2]);
    expect(await world.json('ann', ['history', '--deleted'])).toEqual([]);
  });

  test('rewind shows, does, and undoes', async () => {
    interface Outcome {
      readonly changes: number;
      readonly items: readonly { readonly path: string; readonly do: string }[];
      readonly version: string | null;
    }
    const args = ['rewind', 'papers', '--to', first?.at ?? ''];
    const items = [{ path: 'papers/plan.md', do: 'changed' }];
    const before = world.read('bob');
    expect(await world.json<Outcome>('ann', [...args, '--dry-run'])).toEqual({ changes: 1, items, version: null });
    expect(world.read('ann')).toEqual(before);
    const done = await world.json<Outcome>('ann', args);
    // The file that was restored is another one than was there then, but equal to it.
    expect(done).toMatchObject({ changes: 1, items });
    await world.sync('bob');
    expect(world.read('bob', 'papers')).toEqual({ 'gone.txt': 'was here', 'plan.md': 'v1' });
    expect(world.read('ann')).toEqual(world.read('bob'));
    const undone = await world.run('bob', ['rewind', 'papers', '--before', done.version ?? '']);
    expect(undone.stdout).toContain('changed   papers/plan.md');
    expect(world.read('bob')).toEqual(before);
  });

  test('what is no change can not be gone back to: a wrong argument, and nothing against the store', async () => {
    for (const id of ['yesterday', '000000000001-0000000000000000:0']) {
      const refused = await world.run('ann', ['rewind', '--before', id]);
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining(`E_NOT_FOUND: no change is called '${id}'`)]);
    }
  });

  test("retention is the vault's, told with the next sync, and never less than thirty days", async () => {
    expect(await world.json('ann', ['config', 'get', 'retention.days'])).toEqual({ key: 'retention.days', value: 180 });
    expect((await world.run('ann', ['config', 'set', 'retention.days', '29'])).exitCode).toBe(2);
    await world.json('ann', ['config', 'set', 'retention.days', '365']);
    await world.sync('ann', 'bob');
    expect(await world.json('bob', ['config', 'get', 'retention.days'])).toEqual({ key: 'retention.days', value: 365 });
    await world.json('bob', ['config', 'set', 'retention.days', 'default']);
    expect(await world.json('bob', ['config', 'list'])).toMatchObject({ 'retention.days': 180 });
  });
});

describe('the past, while an agent runs', () => {
  test('is asked of it, and comes back through it', async () => {
    const program = await Program.open();
    await program.init('ann', program.storeUrl());
    fs.writeFileSync(program.at('ann', 'x'), 'first');
    await program.sync('ann');
    const agent = program.startOn('ann', ['sync', '--watch', '--json']);
    await agent.line((line) => line.includes('"state":"synced"'));
    const edited = agent.line((line) => line.includes('"event":"committed"'));
    fs.writeFileSync(program.at('ann', 'x'), 'second, longer');
    await edited;
    expect(await program.json('ann', ['restore', 'x'])).toEqual({ path: 'x', files: 1, folders: 0 });
    expect(fs.readFileSync(program.at('ann', 'x'), 'utf8')).toBe('first');
    const [, second] = await program.json<readonly Row[]>('ann', ['history', 'x']);
    expect(await program.json('ann', ['rewind', '--before', second?.version ?? ''])).toMatchObject({ changes: 0 });
    const missing = await program.on('ann', ['restore', 'never']);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('E_NOT_FOUND') as string]);
    agent.child.kill('SIGTERM');
    expect((await agent.ended).code).toBe(0);
  });
});
