/** A24: a store that shows one device nothing new. No device can find that out alone; what it can do is count the days. */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { checkAgreement } from './check-refusal.ts';
import { folderState } from './folder-state.ts';
import { clockShift } from './in-process-cli.ts';
import { openVault } from './open-vault.ts';
import { StoreFolder } from './store-folder.ts';
import { deskFile } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();

const dayMs = 24 * 60 * 60_000;

afterEach(() => {
  clockShift.ms = 0;
});

/** What the desk is shown: the store as it was, with what the desk itself writes to it. */
class Frozen {
  readonly #view = new StoreFolder(fixture.path('frozen'));

  constructor() {
    fixture.store.copyTo(this.#view);
  }

  /** A command of the desk. */
  async run(...args: readonly string[]): Promise<string> {
    this.#swap();
    try {
      return await fixture.must('desk', ...args);
    } finally {
      this.#swap();
    }
  }

  /** All that anybody wrote is there for everybody. */
  end(): void {
    this.#view.copyTo(fixture.store);
  }

  #swap(): void {
    const { dir } = fixture.store;
    fs.renameSync(dir, `${dir} aside`);
    fs.renameSync(this.#view.dir, dir);
    fs.renameSync(`${dir} aside`, this.#view.dir);
  }
}

function write(device: 'laptop' | 'desk', name: string, text: string): void {
  fs.writeFileSync(path.join(fixture.folder(device), name), text);
}

test('A24: the view of the desk is frozen for nine days: it is told of the silence by name, loses nothing, and catches up', async () => {
  fixture.restore('ahead');
  await checkAgreement(fixture, 'desk');
  const frozen = new Frozen();
  for (let day = 1; day <= 9; day += 1) {
    clockShift.ms = day * dayMs;
    write('laptop', `day ${day}.txt`, `of day ${day}\n`);
    await fixture.must('laptop', 'sync');
    if (day === 5) write('desk', 'on the way.txt', 'the desk goes on\n');
    const before = folderState(fixture.folder('desk'));
    await frozen.run('sync');
    expect(folderState(fixture.folder('desk'))).toEqual(before);
    const told = `${await frozen.run('devices')}${await frozen.run('status')}`;
    const days = [...told.matchAll(/^(?:device +)?laptop[:,][^\n]*; nothing heard of it for (\d+) days$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(days, `on day ${day}: ${told}`).toEqual(day < 7 ? [] : [day, day]);
    expect(told, 'nobody wonders about itself').not.toMatch(/desk[^\n]*nothing heard/);
  }
  expect(JSON.parse(await frozen.run('status', '--json'))).toMatchObject({ state: 'synced', problems: 0, conflicts: 0 });
  // The laptop heard nothing of the desk either.
  expect(await fixture.must('laptop', 'devices')).toMatch(/^desk:[^\n]*; nothing heard of it for \d+ days$/m);
  frozen.end();
  await checkAgreement(fixture, 'desk');
  expect(await fixture.must('desk', 'devices')).not.toContain('nothing heard');
  const names = fs.readdirSync(fixture.folder('laptop'));
  expect(names).toEqual(expect.arrayContaining(['day 1.txt', 'day 9.txt', 'on the way.txt', deskFile]));
  expect(names.filter((name) => name.includes('conflict'))).toEqual([]);
});

test('A24, A25: what both wrote in one file meanwhile is a conflict like any, when the freeze ends', async () => {
  fixture.restore('ahead');
  await checkAgreement(fixture, 'desk');
  const frozen = new Frozen();
  for (const device of ['laptop', 'desk'] as const) write(device, 'to edit.txt', `by the ${device}\n`);
  await fixture.must('laptop', 'sync');
  await frozen.run('sync');
  frozen.end();
  await checkAgreement(fixture, 'desk');
  const texts = fs
    .readdirSync(fixture.folder('laptop'))
    .filter((name) => name.startsWith('to edit'))
    .map((name) => fs.readFileSync(path.join(fixture.folder('laptop'), name), 'utf8'));
  expect(texts.toSorted()).toEqual(['by the desk\n', 'by the laptop\n']);
});
