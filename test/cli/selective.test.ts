/** Selective sync through the command line: two profiles on real folders, one-shot and with a running agent. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFolder, fillFolder } from './describe-folder.ts';
import { mustSucceed, Program } from './program.ts';

const patience = { timeout: 100_000, interval: 50 };
const limitMs = 240_000;

interface World {
  readonly program: Program;
  readonly ann: string;
  readonly bob: string;
}

/** Two devices in sync; the folder has one of everything. */
async function filled(): Promise<World> {
  const program = await Program.open();
  fs.mkdirSync(program.at('store'));
  const recoveryKey = await program.init('ann', program.storeUrl());
  fillFolder(program.at('ann'));
  await program.join('bob', program.storeUrl(), recoveryKey);
  await program.sync('ann', 'bob');
  return { program, ann: program.at('ann'), bob: program.at('bob') };
}

const names = (folder: string): string[] => Object.keys(describeFolder(folder)).toSorted();

const below = (folder: string, top: string): string[] => names(folder).filter((name) => name === top || name.startsWith(`${top}/`));

describe('cachette selective', () => {
  test('left out, synced, gone; changed elsewhere; included, synced, back byte for byte', { timeout: limitMs }, async () => {
    const { program, ann, bob } = await filled();
    const before = await program.json<{ files: number; bytes: number }>('ann', ['status']);
    const [docs] = await program.json<{ path: string; included: boolean; size: number }[]>('ann', ['selective']);
    expect(docs).toEqual({ path: 'docs', included: true, size: 6003 });

    expect(await program.json('ann', ['selective', 'exclude', 'docs/'])).toContainEqual({ path: 'docs', included: false, size: 6003 });
    expect(await program.json('ann', ['status'])).toMatchObject({ state: 'pending' });
    expect(mustSucceed(await program.on('ann', ['sync'])).out).toMatch(/^In sync/);
    expect(below(ann, 'docs')).toEqual([]);
    expect(fs.readdirSync(path.join(ann, '.cachette', 'trash'), { recursive: true })).toEqual([]);
    expect(await program.json('ann', ['status'])).toMatchObject({
      state: 'synced',
      pending: { upload: 0, download: 0 },
      files: before.files,
      bytes: before.bytes,
      local: { files: before.files - 2, bytes: before.bytes - 6003 },
      problems: 0,
    });
    const listed = await program.json<{ path: string; local: boolean }[]>('ann', ['ls', 'docs']);
    expect(listed.length).toBeGreaterThan(3);
    expect(listed.some(({ local }) => local)).toBe(false);

    fs.appendFileSync(path.join(bob, 'docs/deep/er/notes.txt'), 'more');
    fs.writeFileSync(path.join(bob, 'docs/new.txt'), 'new');
    fs.writeFileSync(path.join(bob, 'plan.md'), '# Another plan\n');
    await program.sync('bob', 'ann');
    expect([below(ann, 'docs'), fs.readFileSync(path.join(ann, 'plan.md'), 'utf8')]).toEqual([[], '# Another plan\n']);
    await program.sync('bob');
    expect(fs.readFileSync(path.join(bob, 'docs/new.txt'), 'utf8')).toBe('new');

    mustSucceed(await program.on('ann', ['selective', 'include', 'docs']));
    await program.sync('ann');
    expect(describeFolder(ann)).toEqual(describeFolder(bob));
    expect(await program.json('ann', ['selective'])).toContainEqual({ path: 'docs', included: true, size: 6010 });
  });

  test('a folder made here with the name of a left-out one gets a marked name', { timeout: limitMs }, async () => {
    const { program, ann, bob } = await filled();
    mustSucceed(await program.on('ann', ['selective', 'exclude', 'docs']));
    await program.sync('ann');
    fs.mkdirSync(path.join(ann, 'docs'));
    fs.writeFileSync(path.join(ann, 'docs', 'mine.txt'), 'mine');
    await program.sync('ann', 'bob');
    expect(names(ann)).toContain('docs (ann)/mine.txt');
    expect(names(bob)).toEqual(expect.arrayContaining(['docs (ann)/mine.txt', 'docs/deep/er/notes.txt']));
    expect(await program.json('ann', ['conflicts'])).toEqual([]);
  });

  test('survives a lost index: what is left out is neither fetched nor deleted', { timeout: limitMs }, async () => {
    const { program, ann, bob } = await filled();
    mustSucceed(await program.on('ann', ['selective', 'exclude', 'docs']));
    // Lost before it was brought about: what is here is known to be that, not something new.
    const loseIndex = (): void => {
      for (const name of fs.readdirSync(program.profile('ann')))
        if (name.startsWith('index.sqlite')) fs.rmSync(path.join(program.profile('ann'), name));
    };
    loseIndex();
    await program.sync('ann');
    expect(below(ann, 'docs')).toEqual([]);
    loseIndex();
    await program.sync('ann', 'bob');
    expect(names(ann).filter((name) => name.startsWith('docs'))).toEqual([]);
    expect(names(bob)).toEqual(expect.arrayContaining(['docs/deep/er/notes.txt']));
    expect(names(bob).filter((name) => name.startsWith('docs ('))).toEqual([]);
    expect(await program.json('ann', ['selective'])).toContainEqual({ path: 'docs', included: false, size: 6003 });
  });

  test('says what it can not do, and changes nothing then', { timeout: limitMs }, async () => {
    const { program } = await filled();
    const refused = [
      [['exclude', 'docs', 'nowhere'], 1, 'E_NOT_FOUND'],
      [['exclude', 'plan.md'], 1, 'E_NOT_FOUND'],
      [['exclude', '/'], 2, 'E_USAGE'],
      [['exclude'], 2, 'E_USAGE'],
      [['inclde', 'docs'], 2, 'E_USAGE'],
    ] as const;
    for (const [args, code, word] of refused) {
      const ended = await program.on('ann', ['selective', ...args]);
      expect([args, ended.code, ended.err.includes(word)]).toEqual([args, code, true]);
    }
    expect((await program.on('ann', ['selective'])).out).toContain('docs/');
    expect(await program.json('ann', ['selective'])).toContainEqual({ path: 'docs', included: true, size: 6003 });
  });

  test('a running agent brings it about at once', { timeout: limitMs }, async () => {
    const { program, ann, bob } = await filled();
    const agent = program.startOn('ann', ['sync', '--watch', '--json']);
    await agent.line((line) => line.includes('"state":"synced"'));
    expect(mustSucceed(await program.on('ann', ['selective', 'exclude', 'docs'])).out).toBe('Left out.\n');
    await expect.poll(() => below(ann, 'docs'), patience).toEqual([]);
    await program.sync('bob');
    expect(below(bob, 'docs').length).toBeGreaterThan(3);
    mustSucceed(await program.on('ann', ['selective', 'include', 'docs']));
    await expect.poll(() => describeFolder(ann), patience).toEqual(describeFolder(bob));
    agent.child.kill('SIGTERM');
    expect((await agent.ended).code).toBe(0);
  });
});
