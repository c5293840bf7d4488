import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import nacl from 'tweetnacl';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkAgreement, checkRefused, checkUnharmed, expectRefusal } from './check-refusal.ts';
import { stranger } from './enrolment-kit.ts';
import { putGhostList } from './ghost-list.ts';
import { fileState, Insider, newNode, put, rootNode } from './insider-kit.ts';
import { runInProcess } from './in-process-cli.ts';
import { mirrorFolder } from './mirror-folder.ts';
import { openVault } from './open-vault.ts';
import { StoreFolder } from './store-folder.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();

const saved = `${fixture.path()} with three`;

/** A third device is in agreement with the others: the one that will be removed, or is hostile. Made once, put back each time. */
beforeAll(async () => {
  fixture.restore('ahead');
  for (const device of ['desk', 'laptop'] as const) await fixture.must(device, 'sync');
  expect((await fixture.join()).exitCode).toBe(0);
  for (const device of ['newcomer', 'desk', 'laptop', 'newcomer'] as const) await fixture.must(device, 'sync');
  execFileSync('cp', ['-a', fixture.path(), saved]);
});

beforeEach(() => {
  mirrorFolder(saved, fixture.path());
});

async function revokeNewcomer(): Promise<string | null> {
  return (JSON.parse(await fixture.must('laptop', 'devices', 'revoke', 'newcomer', '--json')) as { recoveryKey: string | null })
    .recoveryKey;
}

function joinWith(recoveryKey: string, name: string): ReturnType<typeof runInProcess> {
  fs.mkdirSync(fixture.path(name), { recursive: true });
  const where = ['--store', `file://${fixture.store.dir}`, '--folder', fixture.path(name), '--name', name, '--key-storage', 'file'];
  return runInProcess(['--profile', fixture.path(`profile-${name}`), 'join', ...where, '--recovery-key', recoveryKey]);
}

describe('A10: a device that the store adds', () => {
  const ghost = stranger();

  test.each(['of nobody', 'of the ghost itself', 'that is not the named device’s'])('by a signature %s', async (whose) => {
    const laptop = new Insider(fixture.profile('laptop'), fixture.store);
    const author =
      {
        'of nobody': { id: stranger().id, signing: nacl.sign.keyPair() },
        'of the ghost itself': ghost,
        'that is not the named device’s': { id: laptop.device, signing: ghost.signing },
      }[whose] ?? ghost;
    const name = putGhostList(fixture.store, ghost, author);
    for (const device of ['desk', 'laptop'] as const) await checkRefused(fixture, device, ['E_UNTRUSTED_DEVICE']);
    fixture.store.remove(name);
    await checkAgreement(fixture, 'desk');
    expect(await fixture.must('desk', 'devices')).not.toContain(ghost.id.toString('hex').slice(0, 8));
  });

  test('by a device that was removed', async () => {
    const removed = new Insider(fixture.profile('newcomer'), fixture.store);
    await revokeNewcomer();
    const name = putGhostList(fixture.store, ghost, { id: removed.device, signing: removed.signing });
    for (const device of ['desk', 'laptop'] as const) await checkRefused(fixture, device, ['E_REVOKED_WRITER']);
    fixture.store.remove(name);
    await checkAgreement(fixture, 'desk');
  });

  test('one that a device adds is told of on all others: name, time, and by whom', async () => {
    expect((await joinWith(fixture.recoveryKey, 'fourth')).exitCode).toBe(0);
    for (const device of ['desk', 'laptop'] as const) {
      const told = await fixture.cli(device, 'sync');
      expect(told.stderr).toMatch(/^cachette: a device was added to the vault: "fourth", by recovery key, \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
    }
  });
});

describe('A13: a removed device goes on', () => {
  test('what it writes after its removal counts for nobody, whatever list it names; itself, it ends', async () => {
    const removed = new Insider(fixture.profile('newcomer'), fixture.store);
    const known = new Set(fixture.store.names());
    await revokeNewcomer();
    // It can't read what came since: it writes upon what it knows, under the list that it was in.
    const unreadable = fixture.store.below('journal/').filter((name) => !known.has(name));
    const bytes = unreadable.map((name) => fixture.store.read(name));
    const newest = fixture.store.below('keys/').at(-1) ?? '';
    for (const name of unreadable) fixture.store.remove(name);
    removed.publish([put(newNode(), fileState(rootNode, Buffer.from('by a removed device'), removed.emptyContent()))]);
    for (const [at, name] of unreadable.entries()) fixture.store.write(name, bytes[at] ?? Buffer.alloc(0));
    expect([unreadable.length, known.has(newest)], 'guard: the removal was announced').toEqual([1, false]);
    await checkAgreement(fixture, 'desk');
    for (const device of ['desk', 'laptop'] as const)
      expect(fs.existsSync(path.join(fixture.folder(device), 'by a removed device'))).toBe(false);
    const ended = await checkUnharmed(fixture, 'newcomer', () => fixture.cli('newcomer', 'sync'));
    expectRefusal(ended, ['E_REVOKED']);
  });

  test('who has seen the removal is not talked back by a store that hides it', async () => {
    await revokeNewcomer();
    for (const device of ['desk', 'laptop'] as const) await fixture.must(device, 'sync');
    const list = fixture.store.below('keys/').at(-1) ?? '';
    const bytes = fixture.store.read(list);
    fixture.store.remove(list);
    for (const device of ['desk', 'laptop'] as const) await checkRefused(fixture, device, ['E_ROLLBACK', 'E_MISSING']);
    fixture.store.write(list, bytes);
    await checkAgreement(fixture, 'desk');
  });

  test('who was away and is shown the branch without it can not know; with the first word from the others it does, and all agree', async () => {
    const removed = new Insider(fixture.profile('newcomer'), fixture.store);
    const branch = new StoreFolder(fixture.path('branch'));
    fixture.store.copyTo(branch);
    await revokeNewcomer();
    const honest = new Map(fixture.store.names().map((name) => [name, fixture.store.read(name)]));
    // The desk is shown what was before, and what the removed device has written since.
    fixture.store.empty();
    branch.copyTo(fixture.store);
    removed.publish([put(newNode(), fileState(rootNode, Buffer.from('on the branch'), removed.emptyContent()))]);
    await fixture.must('desk', 'sync');
    expect(JSON.parse(await fixture.must('desk', 'devices', '--json'))).toMatchObject([{ lastSeen: expect.any(String) as string }, {}, {}]);
    // First contact with the honest branch: a removal stands before what was written under the list without it.
    for (const [name, bytes] of honest) fixture.store.write(name, bytes);
    await checkAgreement(fixture, 'desk');
    expect(JSON.parse(await fixture.must('desk', 'devices', '--json'))).toMatchObject([{}, {}, { name: 'newcomer', revoked: true }]);
    const [atDesk, atLaptop] = (['desk', 'laptop'] as const).map((device) =>
      fs.existsSync(path.join(fixture.folder(device), 'on the branch')),
    );
    expect(atDesk).toBe(atLaptop);
  });
});

describe('A14: old slots, old epochs, two of one device', () => {
  test('what a removed device came in by opens nothing that came after', async () => {
    const recoveryKey = await revokeNewcomer();
    expect(await joinWith(fixture.recoveryKey, 'thief')).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('E_LOCKED') as string,
    });
    expect(fs.existsSync(fixture.path('profile-thief'))).toBe(false);
    expect((await joinWith(recoveryKey ?? '', 'friend')).exitCode).toBe(0);
  });

  test('the old list put back: the old key opens the old epoch, and stops at the first entry of the new one', async () => {
    await revokeNewcomer();
    fs.writeFileSync(path.join(fixture.folder('laptop'), 'after.txt'), 'in the new epoch');
    await fixture.must('laptop', 'sync');
    const list = fixture.store.below('keys/').at(-1) ?? '';
    fixture.store.remove(list);
    expect((await joinWith(fixture.recoveryKey, 'thief')).exitCode).toBe(0);
    const synced = await runInProcess(['--profile', fixture.path('profile-thief'), 'sync']);
    expectRefusal(synced, ['E_EPOCH', 'E_UNTRUSTED_DEVICE', 'E_MISSING']);
    expect(fs.existsSync(path.join(fixture.path('thief'), 'after.txt'))).toBe(false);
  });

  test('a profile and its folder are copied, and both go on: told within one sync, and no file is lost', async () => {
    const copyPlace = fixture.path('copy');
    fs.mkdirSync(copyPlace);
    // As a disk image does: the same paths, on another machine.
    const swap = (from: string, to: string): void => {
      for (const part of ['desk', 'profile-desk']) {
        fs.rmSync(path.join(to, part), { recursive: true, force: true });
        execFileSync('cp', ['-a', path.join(from, part), path.join(to, part)]);
      }
    };
    const live = fixture.path();
    swap(live, copyPlace);
    fs.writeFileSync(path.join(fixture.folder('desk'), 'by the first.txt'), 'first');
    await fixture.must('desk', 'sync');
    const other = path.join(copyPlace, 'other');
    fs.mkdirSync(other);
    swap(live, other);
    swap(copyPlace, live);
    fs.writeFileSync(path.join(fixture.folder('desk'), 'by the second.txt'), 'second');
    await checkRefused(fixture, 'desk', ['E_CLONED_DEVICE']);
    expect(fs.readFileSync(path.join(fixture.folder('desk'), 'by the second.txt'), 'utf8')).toBe('second');
    // The way out: a device of its own, that keeps what it has.
    expect(JSON.parse(await fixture.must('desk', 'devices', 'renew', '--json'))).toEqual({ name: 'desk (2)' });
    await checkAgreement(fixture, 'desk');
    expect(fs.readFileSync(path.join(fixture.folder('laptop'), 'by the second.txt'), 'utf8')).toBe('second');
    // The first one, and everybody else, go on as if nothing had been.
    swap(other, live);
    await checkAgreement(fixture, 'desk');
    expect(fs.readFileSync(path.join(fixture.folder('laptop'), 'by the first.txt'), 'utf8')).toBe('first');
  });

  test('two computers wrote with one profile before either heard of the other: named, and removing that device is the way out', async () => {
    const twin = new Insider(fixture.profile('newcomer'), fixture.store);
    const publish = (text: string): string => twin.publish([put(newNode(), fileState(rootNode, Buffer.from(text), twin.emptyContent()))]);
    const first = publish('by one');
    const bytes = fixture.store.read(first);
    fixture.store.remove(first);
    publish('by the other');
    fixture.store.write(first, bytes);
    for (const device of ['desk', 'laptop'] as const) await checkRefused(fixture, device, ['E_CLONED_DEVICE']);
    await revokeNewcomer();
    await checkAgreement(fixture, 'desk');
    for (const device of ['desk', 'laptop'] as const) {
      expect(fs.readdirSync(fixture.folder(device)).filter((name) => name.startsWith('by '))).toEqual([]);
    }
  });
});
