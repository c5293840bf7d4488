import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { differences, describeTree } from '../demo/describe-tree.ts';
import { checkAgreement, checkHeals, checkRefused, checkUnharmed, damageCodes, type Refusal } from './check-refusal.ts';
import { clockShift, type CliOutcome } from './in-process-cli.ts';
import { openTwoVaults } from './open-vault.ts';
import { edits, timely } from './store-edits.ts';
import { deskFile, type DeviceName } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const { fixture, other } = await openTwoVaults();

const synced = ['desk', 'laptop'] as const;

async function checkBothRefuse(codes: readonly Refusal[]): Promise<void> {
  for (const device of synced) await checkRefused(fixture, device, codes);
}

/** Joining fails and leaves nothing behind. */
async function checkNobodyJoins(exitCodes: readonly number[]): Promise<CliOutcome> {
  const joined = await checkUnharmed(
    fixture,
    'newcomer',
    () => fixture.join(),
    (name) => name === 'hint',
  );
  expect(exitCodes, joined.stderr).toContain(joined.exitCode);
  expect(fs.existsSync(fixture.profile('newcomer'))).toBe(false);
  return joined;
}

/** Both devices have seen everything, and the store is as it was before; what it gives undoes that. */
async function rollBackBehindBoth(): Promise<() => void> {
  fixture.restore('ahead');
  await checkAgreement(fixture, 'desk');
  return fixture.rollBackStore();
}

describe('A29: another store in the place of the known one', () => {
  test('an empty one: it is not made anew, and nobody believes that everything was removed', async () => {
    fixture.restore('ahead');
    fixture.store.empty();
    await checkBothRefuse(['E_STORE_EMPTY']);
    expect((await checkNobodyJoins([1])).stderr).toContain('E_NOT_FOUND');
    await checkHeals(fixture, 'desk');
  });

  test('one that is empty but for the temporary files of writers', async () => {
    fixture.restore('ahead');
    fixture.store.empty();
    fixture.store.write('.tmp/0123', randomBytes(100));
    fixture.store.write('lost+found/notes.txt', Buffer.from('somebody else'));
    await checkBothRefuse(['E_STORE_EMPTY', 'E_MISSING']);
    await checkHeals(fixture, 'desk');
  });

  test('another vault', async () => {
    fixture.restore('ahead');
    fixture.store.empty();
    other.savedStore('ahead').copyTo(fixture.store);
    await checkBothRefuse(['E_REPLACED_VAULT']);
    // The recovery key is another vault's: locked.
    await checkNobodyJoins([5, 6]);
    fixture.store.empty();
    await checkHeals(fixture, 'desk');
  });

  test("the same vault's objects with another vault's beginning, and the other way round", async () => {
    fixture.restore('ahead');
    const foreign = other.savedStore('ahead');
    fixture.store.write('genesis', foreign.read('genesis'));
    for (const name of foreign.below('keys/')) fixture.store.write(name, foreign.read(name));
    await checkBothRefuse(['E_REPLACED_VAULT', 'E_TAMPER']);
    fixture.healStore();
    for (const name of [...fixture.store.below('journal/'), ...fixture.store.below('packs/')]) fixture.store.remove(name);
    for (const name of [...foreign.below('journal/'), ...foreign.below('packs/')]) fixture.store.write(name, foreign.read(name));
    await checkBothRefuse(['E_ROLLBACK', 'E_MISSING', 'E_TAMPER', 'E_EPOCH', 'E_UNTRUSTED_DEVICE']);
    for (const name of foreign.names()) if (name !== 'genesis' && name !== 'hint') fixture.store.remove(name);
    await checkHeals(fixture, 'desk');
  });

  test.each(['genesis', 'keys', 'journal', 'packs'])('one without any %s', async (part) => {
    await fixture.restoreObserved();
    fixture.store.remove(part);
    if (part === 'packs') expect((await fixture.cli('laptop', 'sync')).exitCode, 'the laptop needs none of them').toBe(0);
    else await checkRefused(fixture, 'laptop', ['E_MISSING', 'E_ROLLBACK']);
    const run = await fixture.cli('desk', 'sync');
    expect(run).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_(MISSING|ROLLBACK): /) as string });
    await checkHeals(fixture, 'desk');
  });
});

describe('A23: the store as it was before', () => {
  test('the laptop has published more since; the desk has not seen it and takes it for the newest', async () => {
    fixture.restore('ahead');
    fixture.rollBackStore();
    await checkRefused(fixture, 'laptop', ['E_ROLLBACK']);
    await checkHeals(fixture, 'laptop');
  });

  test('the desk has seen what is missing', async () => {
    const bringBack = await rollBackBehindBoth();
    for (const device of synced) {
      const { stderr } = await checkRefused(fixture, device, ['E_ROLLBACK']);
      expect(stderr, 'it says how far the store is behind').toMatch(/journal\/\d{12}-[0-9a-f]{16}.*journal\/\d{12}-[0-9a-f]{16}/);
    }
    bringBack();
    await checkAgreement(fixture, 'desk');
  });

  test('also where the index was lost meanwhile: the second copy of the pin knows', async () => {
    const bringBack = await rollBackBehindBoth();
    for (const device of synced) {
      for (const name of fs.readdirSync(fixture.profile(device)).filter((file) => file.startsWith('index.sqlite')))
        fs.rmSync(path.join(fixture.profile(device), name));
      const run = await checkUnharmed(fixture, device, () => fixture.cli(device, 'sync'));
      expect(run).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_ROLLBACK: [^\n]+\n$/) as string });
    }
    bringBack();
    await checkAgreement(fixture, 'desk');
  });

  test('A30: a device that joins with a recovery key alone can not know: it gets the older state, whole', async () => {
    fixture.restore('ahead');
    fixture.rollBackStore();
    expect((await fixture.join()).exitCode).toBe(0);
    await fixture.must('newcomer', 'sync');
    expect(fs.existsSync(path.join(fixture.folder('newcomer'), 'to remove.txt'))).toBe(true);
  });
});

describe('A25: two histories of one vault', () => {
  test('each device writes to a store of its own; then one sees the other', async () => {
    fixture.restore('ahead');
    const laptops = new Map(fixture.store.names().map((name) => [name, fixture.store.read(name)]));
    fixture.rollBackStore();
    await fixture.must('desk', 'sync');
    const desks = new Map(fixture.store.names().map((name) => [name, fixture.store.read(name)]));

    for (const [name, bytes] of laptops) if (!desks.has(name)) fixture.store.write(name, bytes);
    // Nothing in either history contradicts the other: entries made at the same time, as by two devices that were offline.
    await checkAgreement(fixture, 'desk');
    await checkAgreement(fixture, 'laptop');
  });

  test('each device is shown the other as of long ago, and both have built on that', async () => {
    fixture.restore('ahead');
    await checkAgreement(fixture, 'desk');
    const common = snapshot();
    write('desk', 'on the desk');
    await fixture.must('desk', 'sync');
    const desks = snapshot();
    put(common);
    write('laptop', 'on the laptop');
    await fixture.must('laptop', 'sync');
    const laptops = snapshot();
    for (const device of synced) {
      put(device === 'desk' ? laptops : desks);
      await checkRefused(fixture, device, ['E_ROLLBACK', 'E_MISSING', 'E_FORK']);
    }
    put(new Map([...desks, ...laptops]));
    await checkAgreement(fixture, 'desk');
  });

  function snapshot(): Map<string, Buffer> {
    return new Map(fixture.store.names().map((name) => [name, fixture.store.read(name)]));
  }

  function put(objects: ReadonlyMap<string, Buffer>): void {
    fixture.store.empty();
    for (const [name, bytes] of objects) fixture.store.write(name, bytes);
  }

  function write(device: DeviceName, text: string): void {
    fs.writeFileSync(path.join(fixture.folder(device), 'to edit.txt'), text);
  }
});

describe('A26: a store that is away', () => {
  test('its folder is not there: nobody takes that for an empty one', async () => {
    fixture.restore('ahead');
    fixture.store.takeAway();
    for (const device of synced) {
      const before = describeTree(fixture.folder(device));
      const run = await fixture.cli(device, 'sync');
      expect(run).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/^cachette: E_STORE_UNREACHABLE: [^\n]+\n$/) as string });
      expect(differences(before, describeTree(fixture.folder(device)))).toEqual([]);
      expect(JSON.parse(await fixture.must(device, 'status', '--json'))).toMatchObject({ state: 'offline' });
      expect(fs.existsSync(fixture.store.dir), 'it is not made').toBe(false);
    }
    expect((await fixture.join()).exitCode).toBe(4);
    expect(fs.existsSync(fixture.profile('newcomer'))).toBe(false);
    fixture.store.bringBack();
    await checkAgreement(fixture, 'desk');
  });

  test.each(['genesis', 'keys', 'journal', 'packs', 'hint'])('nobody may read one of %s: the desk stays as it is', async (kind) => {
    await fixture.restoreObserved();
    const name = oneOf(kind);
    const bytes = fixture.store.read(name);
    fixture.store.remove(name);
    await putSocket(name);
    const run = await checkUnharmedBytes('desk');
    if (kind === 'hint') expect(run.exitCode).toBe(0);
    // It is nothing that a store has written: it is not listed, and others tell of what should be there.
    else if (kind === 'journal')
      expect(run).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_MISSING: [^\n]+\n$/) as string });
    else expect(run).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/^cachette: E_STORE_[A-Z]+: [^\n]+\n$/) as string });
    fixture.store.remove(name);
    fixture.store.write(name, bytes);
    await checkHeals(fixture, 'desk');
  });

  test.each(['genesis', 'keys', 'packs'])('a link stands in the place of one of %s: it is not followed, and that is said', async (kind) => {
    await fixture.restoreObserved();
    const name = oneOf(kind);
    const bytes = fixture.store.read(name);
    fs.writeFileSync(fixture.path('elsewhere'), bytes);
    fixture.store.remove(name);
    fs.symlinkSync(fixture.path('elsewhere'), fixture.store.path(name));
    const run = await checkUnharmedBytes('desk');
    expect(run).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_TAMPER: [^\n]+ symbolic link[^\n]+\n$/) as string });
    fixture.store.remove(name);
    fixture.store.write(name, bytes);
    await checkHeals(fixture, 'desk');
  });

  function oneOf(kind: string): string {
    return [...fixture.store.below('keys/'), 'genesis', 'hint', ...(fixture.grown[2] ?? [])].find((each) => each.startsWith(kind)) ?? '';
  }

  /** What can't be opened, whoever asks. Made elsewhere, as its address may not be long. */
  async function putSocket(name: string): Promise<void> {
    const short = path.join(os.tmpdir(), randomBytes(8).toString('hex'));
    const server = net.createServer().listen(short);
    await once(server, 'listening');
    fs.renameSync(short, fixture.store.path(name));
    server.close();
  }

  /** The folder is as before, unless all went well. */
  async function checkUnharmedBytes(device: DeviceName): Promise<CliOutcome> {
    const before = describeTree(fixture.folder(device));
    const run = await fixture.cli(device, 'sync');
    if (run.exitCode !== 0) expect(differences(before, describeTree(fixture.folder(device)))).toEqual([]);
    return run;
  }
});

describe('A20: what nobody of this vault wrote', () => {
  test('1,000 foreign objects', async () => {
    fixture.restore('ahead');
    plantForeign(1_000);
    await checkAgreement(fixture, 'desk');
    expect((await fixture.join()).exitCode).toBe(0);
    await fixture.must('newcomer', 'sync');
    expect((await fixture.cli('laptop', 'verify', '--data')).exitCode).toBe(0);
    const lines = describeTree(fixture.folder('laptop'));
    expect(differences(lines, describeTree(fixture.folder('newcomer')))).toEqual([]);
  });

  test('entries with names that fit and bytes that do not: refused, and all is well when they are gone', async () => {
    fixture.restore('ahead');
    const [entry] = other.store.below('journal/').slice(-1);
    const planted = ['journal/000000000006-0011223344556677', entry ?? ''];
    fixture.store.write(planted[0] ?? '', randomBytes(2216));
    fixture.store.write(planted[1] ?? '', other.store.read(entry ?? ''));
    await checkBothRefuse([...damageCodes, 'E_EPOCH', 'E_UNTRUSTED_DEVICE']);
    for (const name of planted) fixture.store.remove(name);
    await checkHeals(fixture, 'desk');
  });

  test('one that stays: after a quarter of an hour all the rest is synced, and it is told of until it is gone', async () => {
    fixture.restore('ahead');
    const planted = 'journal/000000000006-0011223344556677';
    fixture.store.write(planted, randomBytes(2216));
    await checkBothRefuse(damageCodes);
    clockShift.ms = 16 * 60_000;
    try {
      for (const device of ['desk', 'laptop', 'desk'] as const) {
        const run = await fixture.cli(device, 'sync');
        expect(run).toMatchObject({
          exitCode: 5,
          stderr: expect.stringMatching(/^E_[A-Z]+: [^\n]*all others are synced[^\n]*\n$/) as string,
        });
        const problems = JSON.parse(await fixture.must(device, 'problems', '--json')) as {
          readonly path: string;
          readonly action: string;
        }[];
        expect(problems).toMatchObject([{ path: planted }]);
        expect(JSON.parse(await fixture.must(device, 'status', '--json'))).toMatchObject({ state: 'refused' });
      }
      const [mine, theirs] = synced.map((device) => describeTree(fixture.folder(device)));
      expect(mine).toEqual(theirs);
      expect(mine?.some((line) => line.endsWith(deskFile))).toBe(true);
      fixture.store.remove(planted);
      await checkAgreement(fixture, 'desk');
      expect(await fixture.must('desk', 'problems', '--json')).toBe('[]\n');
    } finally {
      clockShift.ms = 0;
    }
  });

  function plantForeign(count: number): void {
    const ours = fixture.store.names();
    const theirs = other.store.names();
    for (let number = 0; number < count; number += 1) {
      const hex = randomBytes(16).toString('hex');
      const source = ours[number % ours.length] ?? '';
      const names = [
        `packs/${hex.slice(0, 2)}/${hex}`,
        `packs/${hex}`,
        `journal/${hex}`,
        `journal/1-${hex.slice(0, 16)}`,
        `journal/000000000003-${hex.slice(0, 16)}.bak`,
        `snapshots/${hex.slice(0, 16)}`,
        `keys/${hex}`,
        `genesis.${hex}`,
        `holiday/${hex}.jpg`,
        `copy of ${source}`,
      ];
      const bytes = [
        fixture.store.read(source),
        other.store.read(theirs[number % theirs.length] ?? ''),
        randomBytes(number),
        Buffer.alloc(0),
      ];
      fixture.store.write(names[number % names.length] ?? '', bytes[number % bytes.length] ?? Buffer.alloc(0));
    }
    for (const name of [...other.store.below('packs/'), ...other.store.below('keys/')]) fixture.store.write(name, other.store.read(name));
  }
});

describe('the hint, whatever is done to it', () => {
  test.each(timely(edits))('$title: nobody minds', async (edit) => {
    fixture.restore('ahead');
    const otherVault = other.savedStore('ahead').read('hint');
    fixture.store.write('spare hint', randomBytes(64));
    const journal = fixture.store.below('journal/')[0] ?? '';
    const before = fixture.store.read(journal);
    edit.apply(fixture.store, 'hint', { sameKind: 'spare hint', otherKind: journal, otherVault });
    if (!fixture.store.holds(journal, before)) fixture.store.write(journal, before);
    await checkAgreement(fixture, 'desk');
  });

  test('it is far too long: a new device joins all the same', async () => {
    fixture.restore('ahead');
    fixture.store.write('hint', randomBytes(1 << 20));
    expect((await fixture.join()).exitCode).toBe(0);
    await fixture.must('newcomer', 'sync');
    await checkAgreement(fixture, 'desk');
  });

  test('it is an older one', async () => {
    fixture.restore('ahead');
    fixture.store.write('hint', fixture.savedStore('agreed').read('hint'));
    await checkAgreement(fixture, 'desk');
  });
});
