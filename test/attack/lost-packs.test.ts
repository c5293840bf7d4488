/** A31: packs are gone for good. Who has what was in them makes it good; who has not gets all else, and is told. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeTree, differences } from '../demo/describe-tree.ts';
import { checkUnharmed, expectRefusal } from './check-refusal.ts';
import { mirrorFolder } from './mirror-folder.ts';
import { openVault } from './open-vault.ts';
import type { DeviceName } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();

const saved = `${fixture.path()} with ten packs`;
/** The packs of each of ten files, by the file. */
const packs = new Map<string, readonly string[]>();
const lost = ['file 2', 'file 5', 'folder/file 8'] as const;

beforeAll(async () => {
  fixture.restore('agreed');
  fs.mkdirSync(path.join(fixture.folder('laptop'), 'folder'));
  for (let number = 1; number <= 10; number += 1) {
    const file = number > 7 ? `folder/file ${number}` : `file ${number}`;
    const before = new Set(fixture.store.names());
    fs.writeFileSync(path.join(fixture.folder('laptop'), file), randomBytes(20_000 + number));
    await fixture.must('laptop', 'sync');
    packs.set(
      file,
      fixture.store.below('packs/').filter((name) => !before.has(name)),
    );
  }
  await fixture.must('desk', 'sync');
  await fixture.must('laptop', 'sync');
  execFileSync('cp', ['-a', fixture.path(), saved]);
});

beforeEach(() => {
  mirrorFolder(saved, fixture.path());
});

const lostPacks = (): string[] => lost.flatMap((file) => packs.get(file) ?? []);

function losePacks(): void {
  for (const name of lostPacks()) fixture.store.remove(name);
}

interface Report {
  readonly exitCode: number;
  readonly damaged: readonly string[];
  readonly files: readonly string[];
}

async function verify(device: DeviceName, ...options: readonly string[]): Promise<Report> {
  const { exitCode, stdout } = await fixture.cli(device, 'verify', '--json', ...options);
  const { damaged, files } = JSON.parse(stdout) as { damaged: { object: string; code: string }[]; files: string[] };
  return { exitCode, damaged: damaged.map(({ object, code }) => `${code} ${object}`), files };
}

const whole: Report = { exitCode: 0, damaged: [], files: [] };

function problems(device: DeviceName): Promise<string[]> {
  return fixture
    .must(device, 'problems', '--json')
    .then((text) => (JSON.parse(text) as { path: string }[]).map(({ path: at }) => at).toSorted());
}

function expectSame(a: DeviceName, b: DeviceName): void {
  expect(differences(describeTree(fixture.folder(a)), describeTree(fixture.folder(b)))).toEqual([]);
}

describe('A31: three of ten packs are gone', () => {
  test('guard: each file came with a pack of its own', () => {
    expect([...packs.values()].map((names) => names.length)).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test('who has the files goes on; `verify` names exactly what is missing and whom that touches, and changes nothing', async () => {
    losePacks();
    for (const device of ['laptop', 'desk'] as const) {
      expect(await checkUnharmed(fixture, device, () => fixture.cli(device, 'sync'))).toMatchObject({ exitCode: 0, stderr: '' });
      for (const options of [[], ['--data']]) {
        const report = await checkUnharmed(fixture, device, () => verify(device, ...options));
        expect(report).toEqual({
          exitCode: 5,
          damaged: lostPacks()
            .toSorted()
            .map((name) => `E_MISSING ${name}`),
          files: [...lost],
        });
      }
      expect((await fixture.cli(device, 'verify')).stderr).toMatch(
        /^E_MISSING: 3 objects [^\n]*3 files affected[^\n]*verify --repair[^\n]*\n$/,
      );
    }
  });

  test('a new device gets everything else and lists the rest; one that has them makes them good, and it gets them, too', async () => {
    losePacks();
    expect((await fixture.join()).exitCode).toBe(0);
    expectRefusal(await fixture.cli('newcomer', 'sync'), ['E_MISSING']);
    expect(await problems('newcomer')).toEqual([...lost]);
    // It has nothing to make good with.
    const before = fixture.store.names();
    expect(await verify('newcomer', '--repair')).toMatchObject({ exitCode: 5, files: [...lost] });
    expect(fixture.store.names()).toEqual(before);
    await fixture.must('laptop', 'sync');
    const folder = describeTree(fixture.folder('laptop'));
    expect(await verify('laptop', '--repair')).toEqual(whole);
    expect(differences(folder, describeTree(fixture.folder('laptop'))), 'its own folder').toEqual([]);
    await fixture.must('newcomer', 'sync');
    expectSame('newcomer', 'laptop');
    expect(await problems('newcomer')).toEqual([]);
    for (const device of ['desk', 'laptop', 'newcomer'] as const) {
      await fixture.must(device, 'sync');
      expect(await verify(device, '--data')).toEqual(whole);
    }
    expectSame('desk', 'laptop');
  });

  test('each makes good what it has; what was edited meanwhile is another content, and goes its usual way', async () => {
    losePacks();
    fs.writeFileSync(path.join(fixture.folder('laptop'), 'file 2'), 'edited on the laptop\n');
    fs.rmSync(path.join(fixture.folder('laptop'), 'folder/file 8'));
    const partly = await verify('laptop', '--repair');
    expect(partly).toMatchObject({ exitCode: 5, files: expect.not.arrayContaining(['file 5']) as unknown });
    expect(partly.files).toEqual(['file 2', 'folder/file 8']);
    expect(await verify('desk', '--repair')).toEqual(whole);
    for (const device of ['laptop', 'desk', 'laptop'] as const) await fixture.must(device, 'sync');
    expectSame('desk', 'laptop');
    expect(fs.readFileSync(path.join(fixture.folder('desk'), 'file 2'), 'utf8')).toBe('edited on the laptop\n');
    expect(fs.existsSync(path.join(fixture.folder('desk'), 'folder/file 8'))).toBe(false);
  });

  test('damaged is as bad as gone, and made good alike', async () => {
    // What was put back here is looked at first, as after any change of a folder.
    await fixture.must('desk', 'sync');
    for (const name of lostPacks()) {
      const bytes = fixture.store.read(name);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      fixture.store.write(name, bytes);
    }
    expect(await verify('desk'), 'only opening them tells').toEqual(whole);
    expect(await verify('desk', '--data')).toMatchObject({ exitCode: 5, files: [...lost] });
    expect(await verify('desk', '--data', '--repair')).toEqual(whole);
    expect((await fixture.join()).exitCode).toBe(0);
    await fixture.must('newcomer', 'sync');
    expectSame('newcomer', 'laptop');
  });

  test('where entries are missing as well, nothing is built upon that', async () => {
    losePacks();
    const entry = fixture.store.below('journal/').at(-2) ?? '';
    fixture.store.remove(entry);
    const report = await checkUnharmed(fixture, 'laptop', () => verify('laptop', '--repair'));
    expect(report.exitCode).toBe(5);
    expect(report.damaged.join()).toContain(entry);
  });
});
