import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { bytesOf, fields, type Wire } from './insider-cbor.ts';
import { clockShift } from './in-process-cli.ts';
import { fileState, folderState, Insider, newNode, outsideFileState, put, rootNode } from './insider-kit.ts';
import { openVault } from './open-vault.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();
let insider: Insider;

/** A third device that may do all that a member may. */
beforeEach(async () => {
  fixture.restore('ahead');
  for (const device of ['desk', 'laptop'] as const) await fixture.must(device, 'sync');
  expect((await fixture.join()).exitCode).toBe(0);
  for (const device of ['newcomer', 'desk', 'laptop', 'desk'] as const) await fixture.must(device, 'sync');
  insider = new Insider(fixture.profile('newcomer'), fixture.store);
});

const text = (value: string): Buffer => Buffer.from(value);
const at = (device: 'desk' | 'laptop', name: string): string => path.join(fixture.folder(device), name);

describe('A32: a member removes what everybody has', () => {
  const count = 120;

  async function manyFiles(): Promise<Wire[]> {
    const chunk = insider.chunk(text('in all of them'));
    const pack = insider.putPack([chunk]);
    const content = insider.content(chunk.chunkId, chunk.plainBytes);
    const folder = newNode();
    const nodes = Array.from({ length: count }, newNode);
    const files = nodes.map((node, number) => put(node, fileState(folder, text(`${number}.txt`), content)));
    insider.publish([put(folder, folderState(rootNode, text('many'))), ...files], [pack.wire]);
    for (const device of ['desk', 'laptop'] as const) await fixture.must(device, 'sync');
    const known = insider.nodes();
    return nodes.map((node) => [3, node, known.get(node.toString('hex'))?.version ?? null]);
  }

  test('the others ask first, lose nothing, and bring it back for all', async () => {
    const removals = await manyFiles();
    insider.publish(removals);
    const held = await fixture.cli('desk', 'sync');
    expect(held).toMatchObject({ exitCode: 7, stderr: expect.stringMatching(/E_BULK_CHANGE/) as string });
    expect(fs.readdirSync(at('desk', 'many'))).toHaveLength(count);
    expect(JSON.parse(await fixture.must('desk', 'status', '--json'))).toMatchObject({ state: 'held' });
    await fixture.must('desk', 'confirm', '--reject');
    await fixture.must('desk', 'sync');
    expect(fs.readdirSync(at('desk', 'many'))).toHaveLength(count);
    await fixture.must('laptop', 'sync');
    expect(fs.readdirSync(at('laptop', 'many'))).toHaveLength(count);
    const listed = JSON.parse(await fixture.must('laptop', 'ls', 'many', '--json')) as { kind: string }[];
    expect(listed.filter(({ kind }) => kind === 'file')).toHaveLength(count);
  });

  test('nobody obeys a plan to collect packs that are in use', async () => {
    const packs = fixture.store.below('packs/');
    const ids = Buffer.concat(insider.packTables().map((wire) => bytesOf(fields(wire)[0])));
    insider.publish([[9, ids, 0]]);
    clockShift.ms = 400 * 24 * 60 * 60_000;
    try {
      for (const device of ['desk', 'laptop', 'desk'] as const) await fixture.cli(device, 'sync');
    } finally {
      clockShift.ms = 0;
    }
    expect(packs.length, 'guard').toBeGreaterThan(2);
    expect(fixture.store.below('packs/')).toEqual(expect.arrayContaining(packs));
  });
});

describe('A21: a member says that a chunk lies where other bytes lie', () => {
  test('whoever has the true content stores it himself: everybody gets it bit by bit', async () => {
    const [truth, lie] = ['this is what people write', 'this is a lie of its size'].map(text);
    if (truth === undefined || lie === undefined) throw new Error('two texts');
    expect(lie.length, 'guard').toBe(truth.length);
    // The second lie is about the length.
    const [one, two] = [truth.length, truth.length + 100].map((plainBytes) => ({
      ...insider.chunk(lie),
      chunkId: insider.chunkId(truth),
      plainBytes,
    }));
    if (one === undefined || two === undefined) throw new Error('two lies');
    const pack = insider.putPack([two, one]);
    insider.publish([put(newNode(), folderState(rootNode, text('harmless')))], [pack.wire]);
    await fixture.must('desk', 'sync');
    fs.writeFileSync(at('desk', 'mine.txt'), truth);
    const run = await fixture.cli('desk', 'sync');
    expect([0, 5], run.stderr).toContain(run.exitCode);
    // Where it said that the store lies, it goes on with its own copy.
    if (run.exitCode === 5) await fixture.cli('desk', 'sync');
    await fixture.must('laptop', 'sync');
    expect(fs.readFileSync(at('laptop', 'mine.txt'), 'utf8')).toBe(truth.toString());
    expect((await fixture.cli('desk', 'verify', '--data')).exitCode, 'the lie is told of').toBe(5);
  });
});

describe('A42: a member gives files that systems treat in their own way', () => {
  test('they are plain files: one execute bit at most, and nothing of them is run', async () => {
    const chunk = insider.chunk(text('#!/bin/sh\ntouch /tmp/cachette-was-run\n'));
    const pack = insider.putPack([chunk]);
    const content = insider.content(chunk.chunkId, chunk.plainBytes);
    const names = ['run.sh', 'x.desktop', 'desktop.ini', 'autorun.inf', 'x.lnk', '.bashrc', '.git', 'x.app', '.envrc', '.htaccess'];
    const changes = names.map((name) => {
      const [kind = 0, parent = null, file = null, inner = null, mtime = null] = fileState(rootNode, text(name), content);
      return put(newNode(), [kind, parent, file, inner, mtime, true]);
    });
    insider.publish(changes, [pack.wire]);
    await fixture.must('desk', 'sync');
    // What the system takes from new files, whatever their bits are to be.
    fs.writeFileSync(at('desk', 'plain file'), '', { mode: 0o777 });
    const most = fs.statSync(at('desk', 'plain file')).mode & 0o755;
    for (const name of names) {
      const stat = fs.lstatSync(at('desk', name));
      expect({ name, isFile: stat.isFile(), mode: (stat.mode & 0o7777).toString(8) }).toEqual({
        name,
        isFile: true,
        mode: most.toString(8),
      });
    }
    expect(fs.existsSync('/tmp/cachette-was-run')).toBe(false);
  });

  test('that it came from outside goes from device to device with it, and nothing of that stands on a disk that knows no such note', async () => {
    const chunk = insider.chunk(text('MZ'));
    const pack = insider.putPack([chunk]);
    const content = insider.content(chunk.chunkId, chunk.plainBytes);
    const names = ['setup.exe', 'script.vbs', 'plain.txt'];
    const nodes = new Map(names.map((name) => [name, newNode()]));
    const stateOf = (name: string): number | undefined => Number(insider.nodes().get(nodes.get(name)?.toString('hex') ?? '')?.state[0]);
    const puts = names.map((name) => {
      const make = name === 'plain.txt' ? fileState : outsideFileState;
      return put(nodes.get(name) ?? newNode(), make(rootNode, text(name), content));
    });
    insider.publish(puts, [pack.wire]);
    for (const device of ['desk', 'laptop'] as const) await fixture.must(device, 'sync');
    fs.writeFileSync(at('desk', 'as any other'), '');
    for (const name of names) {
      expect(fs.readFileSync(at('desk', name), 'utf8')).toBe('MZ');
      expect(fs.lstatSync(at('desk', name)).mode).toBe(fs.lstatSync(at('desk', 'as any other')).mode);
      expect(fs.readdirSync(fixture.folder('desk')).filter((each) => each.startsWith(name))).toEqual([name]);
    }
    // Whatever is done to it where nobody knows of the note.
    fs.appendFileSync(at('desk', 'setup.exe'), ' and more');
    fs.renameSync(at('desk', 'script.vbs'), at('desk', 'renamed.vbs'));
    fs.chmodSync(at('desk', 'plain.txt'), 0o755);
    for (const device of ['desk', 'laptop'] as const) await fixture.must(device, 'sync');
    expect(names.map((name) => [name, stateOf(name)])).toEqual([
      ['setup.exe', 4],
      ['script.vbs', 4],
      ['plain.txt', 1],
    ]);
    expect(fs.readFileSync(at('laptop', 'setup.exe'), 'utf8')).toBe('MZ and more');
    expect(JSON.parse(await fixture.must('laptop', 'status', '--json'))).toMatchObject({ state: 'synced', problems: 0 });
  });

  test('a pipe that is planted in the folder hangs nobody', async () => {
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [at('desk', 'pipe'), at('desk', 'papers/.cachetteignore')]);
    const run = await fixture.cli('desk', 'sync');
    expect([0, 3], run.stderr).toContain(run.exitCode);
    expect(fs.lstatSync(at('desk', 'pipe')).isFIFO()).toBe(true);
  });

  test('rules of an ignore file are rules and nothing more', async () => {
    const chunk = insider.chunk(text(`*\n!../x\n/etc\n**/**/**/**/**/a*a*a*a*a*a*a*a*b\n[z-a]\n\\\n!${'a'.repeat(5_000)}\n`));
    const pack = insider.putPack([chunk]);
    insider.publish(
      [put(newNode(), fileState(rootNode, text('.cachetteignore'), insider.content(chunk.chunkId, chunk.plainBytes)))],
      [pack.wire],
    );
    await fixture.must('desk', 'sync');
    fs.writeFileSync(at('desk', 'a'.repeat(200)), 'kept out by a rule, and by nothing else');
    await fixture.must('desk', 'sync');
    await fixture.must('laptop', 'sync');
    expect(fs.existsSync(at('laptop', 'a'.repeat(200)))).toBe(false);
    expect(fs.existsSync(at('laptop', 'third.txt')), 'what is synced stays').toBe(true);
  });
});
