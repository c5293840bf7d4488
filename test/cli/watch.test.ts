/** `sync --watch` as people run it: two devices with their agents, real folders, a real store. Waits for contents, never for a time. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeFolder } from './describe-folder.ts';
import { mountImage, whatIsMissing, withoutBirthTimes } from './disk-image.ts';
import { mustSucceed, Program, type Running } from './program.ts';

const patience = { timeout: 100_000, interval: 50 };
const limitMs = 240_000;

interface World {
  readonly program: Program;
  readonly ann: string;
  readonly bob: string;
}

/** Two devices linked to one vault, whose files need not rest. */
async function link(program: Program, store: string): Promise<World> {
  const recoveryKey = await program.init('ann', store);
  await program.join('bob', store, recoveryKey);
  for (const device of ['ann', 'bob']) mustSucceed(await program.on(device, ['config', 'set', 'settle.seconds', '0']));
  return { program, ann: program.at('ann'), bob: program.at('bob') };
}

async function linkByFolder(): Promise<World> {
  const program = await Program.open();
  fs.mkdirSync(program.at('store'));
  return link(program, program.storeUrl());
}

function isSynced(line: string): boolean {
  return line.includes('"state":"synced"');
}

/** Starts a device's agent; resolves once it is in sync. */
async function watch(program: Program, device: string): Promise<Running> {
  const agent = program.startOn(device, ['sync', '--watch', '--json']);
  await agent.line(isSynced);
  return agent;
}

/** A clean end: exit code 0, nothing left in the staging folder. What the agent printed. */
async function end(program: Program, device: string, agent: Running): Promise<string> {
  agent.child.kill('SIGTERM');
  const ended = await agent.ended;
  expect([ended.code, ended.err.replace(/^cachette: this device's keys .*\n/, '')]).toEqual([0, '']);
  expect(fs.readdirSync(path.join(program.at(device), '.cachette', 'staged'))).toEqual([]);
  return ended.out;
}

function write(folder: string, name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
}

function names(folder: string): string[] {
  return Object.keys(describeFolder(folder)).toSorted();
}

function textOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Waits until the two folders hold the same, and these names among it. */
async function expectSame({ ann, bob }: World, ...expected: readonly string[]): Promise<void> {
  await expect
    .poll(() => ({ same: JSON.stringify(describeFolder(ann)) === JSON.stringify(describeFolder(bob)), names: names(bob) }), patience)
    .toMatchObject({
      same: true,
      names: expect.arrayContaining([...expected]) as string[],
    });
}

describe('two agents keep two folders the same', () => {
  test.each(['server', 'folder'])('through a %s: saved, moved, removed, in both directions', { timeout: limitMs }, async (kind) => {
    const program = await Program.open();
    fs.mkdirSync(program.at('store'));
    const world = await link(program, kind === 'server' ? await program.serve() : program.storeUrl());
    const { ann, bob } = world;
    const agents = [await watch(program, 'ann'), await watch(program, 'bob')] as const;

    write(ann, 'note.txt', 'one');
    await expect.poll(() => textOf(path.join(bob, 'note.txt')), patience).toBe('one');
    write(bob, 'note.txt', 'two, from the other side');
    await expect.poll(() => textOf(path.join(ann, 'note.txt')), patience).toBe('two, from the other side');

    for (let at = 0; at < 60; at += 1) write(ann, `new/below/${at}.txt`, `text ${at}`);
    await expectSame(world, 'new/below/0.txt', 'new/below/59.txt');
    fs.renameSync(path.join(ann, 'new/below'), path.join(ann, 'moved'));
    await expectSame(world, 'moved/59.txt');
    fs.rmSync(path.join(bob, 'note.txt'));
    await expect.poll(() => names(ann), patience).not.toContain('note.txt');
    fs.rmSync(path.join(bob, 'new'), { recursive: true });
    await expect.poll(() => names(ann), patience).not.toContain('new');
    await expectSame(world, 'moved/0.txt');

    const [said] = [await end(program, 'ann', agents[0]), await end(program, 'bob', agents[1])];
    // What changed was looked at, and nothing else.
    expect(said.slice(said.indexOf('"state":"synced"'))).not.toContain('"scanning"');
  });

  test(
    'what is saved while a large vault comes over a slow link is on the other device before that has come',
    { timeout: limitMs },
    async () => {
      const program = await Program.open();
      const { ann, bob } = await link(program, await program.serve());
      const filesCount = 2_500;
      fs.mkdirSync(path.join(ann, 'large'));
      for (let at = 0; at < filesCount; at += 1) fs.writeFileSync(path.join(ann, 'large', `${at}`), randomBytes(3_000));
      const first = await watch(program, 'ann');
      mustSucceed(await program.on('bob', ['config', 'set', 'bandwidth.down', '500k']));
      const second = program.startOn('bob', ['sync', '--watch', '--json']);
      const isThere = (): number => (fs.existsSync(path.join(bob, 'large')) ? fs.readdirSync(path.join(bob, 'large')).length : 0);
      await expect.poll(isThere, patience).toBeGreaterThan(0);
      write(bob, 'mine', 'by bob');
      await expect.poll(() => textOf(path.join(ann, 'mine')), patience).toBe('by bob');
      expect(isThere()).toBeLessThan(filesCount);
      await expect.poll(isThere, patience).toBe(filesCount);
      await second.line(isSynced);
      for (const [device, agent] of [
        ['ann', first],
        ['bob', second],
      ] as const)
        await end(program, device, agent);
    },
  );

  test('a file edited on both sides at once is kept twice, on both, until one is chosen', { timeout: limitMs }, async () => {
    const world = await linkByFolder();
    const { program, ann, bob } = world;
    write(ann, 'plan.txt', 'first');
    const agents = [await watch(program, 'ann'), await watch(program, 'bob')] as const;
    await expect.poll(() => textOf(path.join(bob, 'plan.txt')), patience).toBe('first');
    // While neither can bring the one edit to where the other is about to be made.
    for (const { child } of agents) child.kill('SIGSTOP');
    write(ann, 'plan.txt', 'what ann wants');
    write(bob, 'plan.txt', 'what bob wants, too');
    for (const { child } of agents) child.kill('SIGCONT');
    await expect.poll(() => names(ann).length, patience).toBe(2);
    await expectSame(world, 'plan.txt');
    const texts = names(ann).map((name) => textOf(path.join(ann, name)));
    expect(new Set(texts)).toEqual(new Set(['what ann wants', 'what bob wants, too']));

    // What needs the store is done by the agent, which goes on.
    expect(mustSucceed(await program.on('ann', ['resolve', '--all', '--keep', 'local', '--json'])).out).toBe('{"resolved":1}\n');
    await expect.poll(() => names(bob), patience).toEqual(['plan.txt']);
    await expectSame(world, 'plan.txt');
    expect(JSON.parse(mustSucceed(await program.on('bob', ['verify', '--data', '--json'])).out)).toMatchObject({ damaged: [], files: [] });
    await end(program, 'ann', agents[0]);
    await end(program, 'bob', agents[1]);
  });
});

/** Moves a file of that size through these folders under an agent; where its history says that it stood, the latest first. */
async function moveAbout(program: Program, sizeBytes: number, folders: readonly string[]): Promise<string[]> {
  await program.init('ann', program.storeUrl());
  for (const folder of folders) fs.mkdirSync(program.at('ann', folder), { recursive: true });
  fs.writeFileSync(program.at('ann', folders[0] ?? '', 'film'), Buffer.alloc(sizeBytes, 1));
  const agent = await watch(program, 'ann');
  const paths = async (): Promise<string[]> => {
    const listed = (await program.json('ann', ['ls'])) as { readonly path: string; readonly kind: string }[];
    return listed.filter(({ kind }) => kind === 'file').map(({ path: at }) => at);
  };
  for (const [at, folder] of folders.slice(1).entries()) {
    fs.renameSync(program.at('ann', folders[at] ?? '', 'film'), program.at('ann', folder, 'film'));
    await expect.poll(paths, patience).toEqual([`${folder}/film`]);
  }
  const versions = (await program.json('ann', ['history', `${folders.at(-1) ?? ''}/film`])) as { readonly path: string }[];
  await end(program, 'ann', agent);
  return versions.map(({ path: at }) => at);
}

describe('a file that is moved from folder to folder under an agent stays that file, with its history', () => {
  const folders = ['a', 'b', 'c', 'd', 'e'];
  const places = ['e/film', 'd/film', 'c/film', 'b/film', 'a/film'];

  test('where it is larger than what rests shortly', { timeout: limitMs }, async () => {
    expect(await moveAbout(await Program.open(), 5 * 1024 * 1024, folders)).toEqual(places);
  });

  test('where it is a log that goes on being written', { timeout: limitMs }, async () => {
    const program = await Program.open();
    await program.init('ann', program.storeUrl());
    fs.mkdirSync(program.at('ann', 'old'));
    fs.writeFileSync(program.at('ann', 'log'), 'begun');
    const agent = await watch(program, 'ann');
    const log = fs.openSync(program.at('ann', 'log'), 'a');
    for (let line = 0; line < 120; line += 1) {
      fs.writeSync(log, `line ${line}`);
      if (line === 40) fs.renameSync(program.at('ann', 'log'), program.at('ann', 'old', 'log'));
      await sleep(70);
    }
    fs.closeSync(log);
    const versions = async (): Promise<unknown> => program.json('ann', ['history', 'old/log']);
    await expect.poll(versions, patience).toContainEqual(expect.objectContaining({ path: 'old/log' }));
    expect(await versions()).toContainEqual(expect.objectContaining({ path: 'log', size: 5 }));
    await end(program, 'ann', agent);
  });

  const missing = whatIsMissing(withoutBirthTimes);
  if (missing !== undefined) process.stderr.write(`SKIPPED: a folder on ${withoutBirthTimes.title}: ${missing}\n`);

  test.skipIf(missing !== undefined)('where the disk can not tell it from a new one', { timeout: limitMs }, async () => {
    const program = await Program.open();
    const mounted = mountImage(withoutBirthTimes, program.at('image'), program.at('ann'));
    if (typeof mounted === 'string') throw new Error(mounted);
    onTestFinished(mounted.unmount);
    expect(await moveAbout(program, 100, folders)).toEqual(places);
  });
});

describe('an agent that has heard of a change', () => {
  test('is not said to be in sync until it has looked, however long the file rests', { timeout: limitMs }, async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('store'));
    await program.init('ann', program.storeUrl());
    mustSucceed(await program.on('ann', ['config', 'set', 'settle.seconds', '600']));
    const agent = await watch(program, 'ann');
    const stateOf = async (): Promise<unknown> => program.json('ann', ['status']);
    expect(await stateOf()).toMatchObject({ state: 'synced', pending: { upload: 0, download: 0, waiting: 0 } });
    write(program.at('ann'), 'growing.txt', 'first line');
    await expect.poll(stateOf, patience).toMatchObject({ state: 'pending', pending: { waiting: 1 } });
    expect(mustSucceed(await program.on('ann', ['status'])).out).toContain('1 path');

    // Whoever asks for a sync does not wait for the rest.
    mustSucceed(await program.on('ann', ['sync']));
    expect(await stateOf()).toMatchObject({ state: 'synced', files: 1, pending: { upload: 0, waiting: 0 } });

    // An agent that ends leaves behind what it knew, and a sync ends that.
    write(program.at('ann'), 'late.txt', 'heard of');
    await expect.poll(stateOf, patience).toMatchObject({ state: 'pending' });
    const said = await end(program, 'ann', agent);
    expect(said.slice(said.lastIndexOf('"state":'))).toMatch(/^"state":"pending"/);
    expect(await stateOf()).toMatchObject({ state: 'pending', files: 1 });
    mustSucceed(await program.on('ann', ['sync']));
    expect(await stateOf()).toMatchObject({ state: 'synced', files: 2, pending: { waiting: 0 } });
  });
});

describe('an agent goes on by itself', () => {
  test('after it was killed: what changed meanwhile is found', { timeout: limitMs }, async () => {
    const world = await linkByFolder();
    const { program, ann, bob } = world;
    write(ann, 'old/a.txt', 'a');
    const killed = await watch(program, 'ann');
    const other = await watch(program, 'bob');
    await expectSame(world, 'old/a.txt');
    killed.child.kill('SIGKILL');
    await killed.ended;
    write(ann, 'b.txt', 'b');
    fs.renameSync(path.join(ann, 'old'), path.join(ann, 'young'));
    write(bob, 'c.txt', 'c');
    const agent = await watch(program, 'ann');
    await expectSame(world, 'b.txt', 'c.txt', 'young/a.txt');
    await end(program, 'ann', agent);
    await end(program, 'bob', other);
  });

  test('after the store was away', { timeout: limitMs }, async () => {
    const program = await Program.open();
    const serve = async (port: string): Promise<{ server: Running; url: string }> => {
      const server = program.start(['serve', '--root', program.at('server'), '--listen', `127.0.0.1:${port}`, '--json']);
      return { server, url: (JSON.parse(await server.line((line) => line.startsWith('{'))) as { url: string }).url };
    };
    const { server, url } = await serve('0');
    const { ann, bob } = await link(program, url);
    const agents = [await watch(program, 'ann'), await watch(program, 'bob')] as const;
    const offline = agents[0].line((line) => line.includes('"state":"offline"'));
    server.child.kill('SIGKILL');
    await server.ended;
    write(ann, 'meanwhile.txt', 'still here');
    await offline;
    // In between it tries again, ever more rarely.
    await expect.poll(() => program.json('ann', ['status']), patience).toMatchObject({ state: 'offline' });
    await serve(new URL(url).port);
    await expect.poll(() => textOf(path.join(bob, 'meanwhile.txt')), patience).toBe('still here');
    await end(program, 'ann', agents[0]);
    await end(program, 'bob', agents[1]);
  });
});

describe('other commands beside an agent', () => {
  test('pause holds over restarts, `sync` by hand asks the agent, resume goes on', { timeout: limitMs }, async () => {
    const { program, ann, bob } = await linkByFolder();
    const first = await watch(program, 'ann');
    expect(await program.json('ann', ['pause'])).toEqual({ paused: true, running: true });
    expect(await program.json('ann', ['status'])).toMatchObject({ state: 'paused' });
    await end(program, 'ann', first);

    const agent = program.startOn('ann', ['sync', '--watch', '--json']);
    await agent.line((line) => line.includes('"state":"paused"'));
    write(ann, 'a.txt', 'a');
    // By hand it syncs, and tells what the agent does.
    await expect
      .poll(async () => {
        const { code, out } = await program.on('ann', ['sync', '--json']);
        return { code, isTold: out.includes('"event":"committed"') };
      }, patience)
      .toEqual({ code: 0, isTold: true });
    await program.sync('bob');
    expect(textOf(path.join(bob, 'a.txt'))).toBe('a');

    write(ann, 'b.txt', 'b');
    const isDone = agent.line((line) => line.includes('"state":"synced"'));
    mustSucceed(await program.on('ann', ['resume']));
    await isDone;
    await expect
      .poll(async () => {
        await program.sync('bob');
        return textOf(path.join(bob, 'b.txt'));
      }, patience)
      .toBe('b');
    await end(program, 'ann', agent);
  });

  test('is heard from the start, also while the store is away: `sync` has it try at once', { timeout: limitMs }, async () => {
    const { program, ann } = await linkByFolder();
    await program.sync('ann');
    fs.renameSync(program.at('store'), program.at('away'));
    write(ann, 'a.txt', 'a');
    const agent = program.startOn('ann', ['sync', '--watch', '--json']);
    const away = { code: 4, err: expect.stringContaining('E_STORE_UNREACHABLE') as string };
    await agent.line((line) => line.includes('"state":"offline"'));
    // In between it tries again.
    await expect
      .poll(() => program.json('ann', ['status']), patience)
      .toMatchObject({ state: 'offline', why: { code: 'E_STORE_UNREACHABLE' } });
    expect(await program.on('ann', ['sync'])).toMatchObject(away);
    expect(await program.on('ann', ['verify'])).toMatchObject(away);
    mustSucceed(await program.on('ann', ['pause']));
    fs.renameSync(program.at('away'), program.at('store'));
    // Paused or not, this is a person's wish.
    mustSucceed(await program.on('ann', ['sync']));
    await program.sync('bob');
    expect(textOf(path.join(program.at('bob'), 'a.txt'))).toBe('a');
    expect(await program.json('ann', ['status'])).toMatchObject({ state: 'paused' });
    await end(program, 'ann', agent);
  });

  test('is asked by whoever comes while it starts', { timeout: limitMs }, async () => {
    const { program, ann } = await linkByFolder();
    for (let at = 0; at < 4; at += 1) {
      write(ann, 'a.txt', `${at}`);
      fs.rmSync(path.join(program.profile('ann'), 'agent.token'), { force: true });
      const agent = program.startOn('ann', ['sync', '--watch', '--json']);
      await expect.poll(() => fs.existsSync(path.join(program.profile('ann'), 'agent.token')), { ...patience, interval: 1 }).toBe(true);
      mustSucceed(await program.on('ann', ['sync']));
      await end(program, 'ann', agent);
    }
  });

  test('waits for a run that does one thing', { timeout: limitMs }, async () => {
    const { program, ann } = await linkByFolder();
    write(ann, 'a.txt', 'a');
    const { DatabaseSync } = await import('node:sqlite');
    const lock = new DatabaseSync(path.join(program.profile('ann'), 'owner.lock'));
    lock.exec('BEGIN EXCLUSIVE'); // as a run holds it
    const agent = program.startOn('ann', ['sync', '--watch', '--json']);
    const isDone = agent.line(isSynced);
    await agent.line((line) => line.includes('"code":"E_BUSY"'));
    lock.close();
    await isDone;
    await program.sync('bob');
    expect(textOf(path.join(program.at('bob'), 'a.txt'))).toBe('a');
    await end(program, 'ann', agent);
  });

  test('a second agent of the profile is refused', { timeout: limitMs }, async () => {
    const { program } = await linkByFolder();
    const agent = await watch(program, 'ann');
    const second = await program.on('ann', ['sync', '--watch']);
    expect([second.code, second.err]).toEqual([1, expect.stringContaining('E_BUSY')]);
    await end(program, 'ann', agent);
  });

  test('a mass change is held, everything else goes on, `confirm` lets it go', { timeout: limitMs }, async () => {
    const { program, ann, bob } = await linkByFolder();
    for (let at = 0; at < 120; at += 1) write(ann, `many/${at}.txt`, `text ${at}`);
    await program.sync('ann', 'bob');
    fs.rmSync(path.join(ann, 'many'), { recursive: true });
    const agent = program.startOn('ann', ['sync', '--watch', '--json']);
    await agent.line((line) => line.includes('"state":"held"'));
    write(ann, 'else.txt', 'else');
    await expect
      .poll(async () => {
        await program.sync('bob');
        return [textOf(path.join(bob, 'else.txt')), textOf(path.join(bob, 'many/7.txt'))];
      }, patience)
      .toEqual(['else', 'text 7']);
    const isDone = agent.line(isSynced);
    mustSucceed(await program.on('ann', ['confirm']));
    await isDone;
    await end(program, 'ann', agent);
  });

  test('a mass change that is rejected beside the agent is undone by it, and not made', { timeout: limitMs }, async () => {
    const { program, ann } = await linkByFolder();
    for (let at = 0; at < 120; at += 1) write(ann, `many/${at}.txt`, `text ${at}`);
    const agent = program.startOn('ann', ['sync', '--watch', '--json']);
    // It has seen all of them, and remembers.
    await agent.line(isSynced);
    for (let at = 0; at < 100; at += 1) fs.rmSync(path.join(ann, `many/${at}.txt`));
    await expect.poll(() => program.json('ann', ['status']), patience).toMatchObject({ state: 'held' });
    mustSucceed(await program.on('ann', ['confirm', '--reject']));
    await expect.poll(() => fs.readdirSync(path.join(ann, 'many')).length, patience).toBe(120);
    await end(program, 'ann', agent);
  });
});
