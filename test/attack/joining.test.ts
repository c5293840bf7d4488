/** A device that comes in by a secret while the store keeps something back: it has no pin, and nothing to lose. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { describeTree, differences } from '../demo/describe-tree.ts';
import { checkAgreement, expectRefusal, type Refusal } from './check-refusal.ts';
import { runInProcess, type CliOutcome } from './in-process-cli.ts';
import { openVault } from './open-vault.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();

/** In its folder already, and of nobody else; the second one where the vault has another file. */
const own = { 'mine.txt': 'only here\n', 'third.txt': 'another third\n', 'papers/own.txt': 'beside papers of the vault\n' } as const;

function cli(name: string, ...args: readonly string[]): Promise<CliOutcome> {
  return runInProcess(['--profile', fixture.path(`profile-${name}`), ...args]);
}

/** With a folder that holds `own`. */
function join(name: string, folder: string, recoveryKey = fixture.recoveryKey): Promise<CliOutcome> {
  for (const [file, text] of Object.entries(own)) {
    const at = path.join(fixture.path(folder), file);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    if (!fs.existsSync(at)) fs.writeFileSync(at, text);
  }
  const where = ['--store', `file://${fixture.store.dir}`, '--folder', fixture.path(folder), '--name', name, '--key-storage', 'file'];
  return cli(name, 'join', ...where, '--recovery-key', recoveryKey);
}

/** The newest object below a prefix goes; this puts it back. */
function withhold(name: string): () => void {
  const bytes = fixture.store.read(name);
  fixture.store.remove(name);
  return () => {
    fixture.store.write(name, bytes);
  };
}

function newest(prefix: string): string {
  return fixture.store.below(prefix).at(-1) ?? '';
}

/** It refuses, sends nothing, and has beside its own all that the laptop held before what is withheld. */
async function checkPart(name: string, laptopHeld: readonly string[], codes: readonly Refusal[]): Promise<void> {
  const before = fixture.store.names();
  const synced = await cli(name, 'sync');
  expectRefusal(synced, codes);
  expect(synced.stderr).toContain('What could be verified was brought, and nothing was sent');
  expect(synced.stderr).toMatch(/journal\/\d{12}-[0-9a-f]{16}/);
  expect(fixture.store.names()).toEqual(before);
  expect(JSON.parse((await cli(name, 'status', '--json')).stdout)).toMatchObject({ state: 'refused' });
  for (const [file, text] of Object.entries(own)) expect(fs.readFileSync(path.join(fixture.path(name), file), 'utf8')).toBe(text);
  const wanted = laptopHeld.filter((line) => !line.endsWith(' third.txt'));
  const has = describeTree(fixture.path(name)).filter((line) => !Object.keys(own).some((file) => line.endsWith(` ${file}`)));
  expect(differences(wanted, has)).toEqual([]);
}

describe('A14, A31: a list of devices is withheld while a device joins', () => {
  test('one that begins an epoch: it gets what was before, and says so; nothing of its own is touched or sent', async () => {
    fixture.restore('ahead');
    await checkAgreement(fixture, 'desk');
    const held = describeTree(fixture.folder('laptop'));
    const { recoveryKey } = JSON.parse(await fixture.must('laptop', 'devices', 'revoke', 'desk', '--json')) as { recoveryKey: string };
    const list = newest('keys/');
    fs.writeFileSync(path.join(fixture.folder('laptop'), 'after.txt'), 'in the new epoch\n');
    await fixture.must('laptop', 'sync');
    const putBack = withhold(list);
    expect((await join('late', 'late')).exitCode).toBe(0);
    for (let run = 0; run < 2; run += 1) await checkPart('late', held, ['E_EPOCH']);
    putBack();
    // It came in by a key that was replaced with that very list.
    expectRefusal(await cli('late', 'sync'), ['E_UNTRUSTED_DEVICE']);
    fs.rmSync(fixture.path('profile-late'), { recursive: true });
    expect((await join('late again', 'late', recoveryKey)).exitCode).toBe(0);
    expect(await cli('late again', 'sync')).toMatchObject({ exitCode: 0 });
    await fixture.must('laptop', 'sync');
    expect(differences(describeTree(fixture.folder('laptop')), describeTree(fixture.path('late')))).toEqual([]);
    expect(fs.readFileSync(path.join(fixture.folder('laptop'), 'after.txt'), 'utf8')).toBe('in the new epoch\n');
  });

  test('one that adds a device: what that device wrote is missing, and what was written upon it; all is there with the list', async () => {
    fixture.restore('ahead');
    await checkAgreement(fixture, 'desk');
    const held = describeTree(fixture.folder('laptop'));
    expect((await fixture.join()).exitCode).toBe(0);
    const list = newest('keys/');
    await fixture.must('newcomer', 'sync');
    fs.writeFileSync(path.join(fixture.folder('newcomer'), 'by the newcomer.txt'), 'news\n');
    await fixture.must('newcomer', 'sync');
    await fixture.must('laptop', 'sync');
    fs.writeFileSync(path.join(fixture.folder('laptop'), 'upon it.txt'), 'more news\n');
    await fixture.must('laptop', 'sync');
    const putBack = withhold(list);
    expect((await join('late', 'late')).exitCode).toBe(0);
    await checkPart('late', held, ['E_UNTRUSTED_DEVICE', 'E_MISSING']);
    putBack();
    // Of two lists at once one is lost; whoever stays in takes the other's device in again.
    for (const device of ['laptop', 'newcomer'] as const) await fixture.must(device, 'sync');
    expect((await cli('late', 'sync')).exitCode).toBe(0);
    for (const device of ['laptop', 'newcomer'] as const) await fixture.must(device, 'sync');
    const all = describeTree(fixture.folder('laptop'));
    for (const folder of ['late', 'newcomer']) expect(differences(all, describeTree(fixture.path(folder)))).toEqual([]);
    expect(fs.readFileSync(path.join(fixture.path('late'), 'upon it.txt'), 'utf8')).toBe('more news\n');
    expect(fs.readdirSync(fixture.path('late')).filter((name) => name.includes('conflict'))).toHaveLength(1);
  });
});

test('A27, A31: an entry is missing for a device that joins: it gets all that does not stand upon it', async () => {
  fixture.restore('agreed');
  const held = describeTree(fixture.folder('laptop'));
  fixture.restore('ahead');
  const entry = fixture.grown[1]?.find((name) => name.startsWith('journal/')) ?? '';
  const putBack = withhold(entry);
  expect((await join('late', 'late')).exitCode).toBe(0);
  await checkPart('late', held, ['E_MISSING']);
  putBack();
  expect((await cli('late', 'sync')).exitCode).toBe(0);
  await checkAgreement(fixture, 'desk');
  expect((await cli('late', 'sync')).exitCode).toBe(0);
  expect(differences(describeTree(fixture.folder('laptop')), describeTree(fixture.path('late')))).toEqual([]);
});
