import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { CliOutcome } from '../attack/in-process-cli.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

function expectDone({ exitCode, stderr }: CliOutcome): void {
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
}

interface Revoked {
  readonly recoveryKey: string | null;
  readonly passphrase: string;
}

describe('devices revoke', () => {
  test('the removed device ends with 5 and loses nothing; the others go on; what it knew opens nothing', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    rig.write('bob', 'late.txt', 'written before the removal, never published');
    const revoked = await rig.json<Revoked>('alice', ['devices', 'revoke', 'bob']);
    expect(revoked).toEqual({
      name: 'bob',
      recoveryKey: expect.stringMatching(/^[0-9A-Z-]{44}$/) as string,
      passphrase: 'kept',
      next: expect.stringContaining('change the password or token of the storage') as string,
    });
    const ended = await rig.on('bob', ['sync']);
    expect(ended).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_REVOKED: [^\n]+\n$/) as string });
    expect(rig.files('bob')).toEqual(['a.txt', 'late.txt']);
    rig.write('alice', 'b.txt', 'in the new epoch');
    await rig.sync('alice');
    const listed = await rig.json<{ name: string; revoked: boolean }[]>('alice', ['devices']);
    expect(listed.map(({ name, revoked: isRevoked }) => `${name} ${isRevoked}`)).toEqual(['alice false', 'bob true']);
    await expect(rig.join('carol')).rejects.toThrow('E_LOCKED');
    await rig.join('carol', revoked.recoveryKey ?? '');
    await rig.sync('carol');
    expect(fs.readFileSync(rig.at('carol', 'b.txt'), 'utf8')).toBe('in the new epoch');
    // The way back is that of any new device; its folder is taken over as it is.
    fs.rmSync(rig.profile('bob'), { recursive: true });
    await rig.join('bob', revoked.recoveryKey ?? '');
    await rig.sync('bob', 'alice');
    expect(fs.existsSync(rig.at('alice', 'late.txt'))).toBe(true);
  });

  test('A14: the passphrase that it came in by never opens the vault again, though the vault has none meanwhile', async () => {
    const phrase = 'orange lantern walks beside quiet rivers';
    const rig = await DeviceRig.withDevices('alice');
    expectDone(await rig.on('alice', ['vault', 'passphrase'], { env: { CACHETTE_NEW_PASSPHRASE: phrase } }));
    expectDone(await rig.on('bob', ['join', ...rig.link('bob')], { env: { CACHETTE_PASSPHRASE: phrase } }));
    await rig.sync('alice');
    const told = await rig.must('alice', ['devices', 'revoke', 'bob']);
    expect(told.stderr).toContain('the vault has none now');
    expect(told.stderr).not.toContain('change that, too');
    const refused = await rig.on('alice', ['vault', 'passphrase'], { env: { CACHETTE_NEW_PASSPHRASE: phrase } });
    expect(refused).toMatchObject({ exitCode: 6, stderr: expect.stringMatching(/^cachette: E_WEAK_PASSPHRASE: [^\n]+\n$/) as string });
  });

  test('what it had published before counts for all, also for those who had not seen it', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob', 'carol');
    rig.write('bob', 'in time.txt', 'published before the removal');
    await rig.sync('bob');
    await rig.must('alice', ['devices', 'revoke', 'bob']);
    await rig.sync('carol', 'alice');
    for (const device of ['alice', 'carol']) expect(rig.files(device)).toEqual(['a.txt', 'in time.txt']);
  });

  test('who is not there, and this device itself, are refused with a way out', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    expect(await rig.on('alice', ['devices', 'revoke', 'carol'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('E_NOT_FOUND') as string,
    });
    expect(await rig.on('alice', ['devices', 'revoke', 'alice'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^cachette: E_OWN_DEVICE: [^\n]*on another device\.\n$/) as string,
    });
  });
});

test('devices rename: all see the new name at their next sync', async () => {
  const rig = await DeviceRig.withDevices('alice', 'bob');
  expect(await rig.json('bob', ['devices', 'rename', 'tower'])).toEqual({ name: 'tower' });
  await rig.sync('alice');
  expect((await rig.json<{ name: string }[]>('alice', ['devices'])).map(({ name }) => name)).toEqual(['alice', 'tower']);
  expect(await rig.json('bob', ['status'])).toMatchObject({ device: 'tower' });
});

test('every device tells of each addition, once', async () => {
  const rig = await DeviceRig.withDevices('alice', 'bob');
  await rig.join('carol');
  expect((await rig.must('alice', ['sync'])).stderr).toMatch(
    /^cachette: a device was added to the vault: "carol", by recovery key, [0-9-]{10} [0-9:]{5} UTC\. Not yours\? [^\n]*\n$/,
  );
  expect((await rig.must('alice', ['sync'])).stderr).toBe('');
  expect((await rig.must('carol', ['sync'])).stderr).toBe('');
});

describe('vault code', () => {
  test('is the same on two devices that have seen the same, and another one where they have not', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    await rig.sync('alice', 'bob', 'alice');
    const code = async (device: string): Promise<string> => (await rig.json<{ code: string }>(device, ['vault', 'code'])).code;
    expect(await code('alice')).toMatch(/^[0-9]{4} [0-9]{4} [0-9]{4}$/);
    expect(await code('alice')).toBe(await code('bob'));
    rig.write('alice', 'more.txt', 'only alice knows');
    await rig.sync('alice');
    expect(await code('alice')).not.toBe(await code('bob'));
    await rig.sync('bob', 'alice');
    expect(await code('alice')).toBe(await code('bob'));
  });
});

describe('passphrase and recovery key', () => {
  test('a recovery sheet holds what it takes to come in again, for its owner alone, and overwrites nothing', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    const text = rig.at('sheet.txt');
    await rig.must('alice', ['vault', 'recovery-sheet', text], { env: { CACHETTE_RECOVERY_KEY: rig.recoveryKey } });
    const sheet = fs.readFileSync(text, 'utf8');
    expect(sheet).toContain(rig.recoveryKey);
    expect(fs.statSync(text).mode & 0o777).toBe(0o600);
    const again = await rig.on('alice', ['vault', 'recovery-sheet', text, '--recovery-key', rig.recoveryKey]);
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('E_IN_THE_WAY') as string });
    expect(fs.readFileSync(text, 'utf8')).toBe(sheet);
    const head = /\(HEAD\):\n +([^\n]+)\n/.exec(sheet)?.[1] ?? '';
    const options = [...rig.link('carol'), '--recovery-key', rig.recoveryKey, '--head', head];
    await rig.must('carol', ['join', ...options]);
    await rig.sync('carol');

    const html = rig.at('sheet.html');
    const renewed = await rig.json<{ recoveryKey: string }>('alice', ['vault', 'recovery-key', '--sheet', html]);
    expect(renewed.recoveryKey).not.toBe(rig.recoveryKey);
    expect(fs.readFileSync(html, 'utf8')).toMatch(new RegExp(`^<!doctype html>[^]*${renewed.recoveryKey}`));
    const old = await rig.on('alice', ['vault', 'recovery-sheet', rig.at('old.txt'), '--recovery-key', rig.recoveryKey]);
    expect(old).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('E_LOCKED') as string });
    expect(fs.existsSync(rig.at('old.txt'))).toBe(false);
    const within = await rig.on('alice', ['vault', 'recovery-sheet', rig.at('alice', 'x.txt'), '--recovery-key', renewed.recoveryKey]);
    expect(within).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('E_USAGE') as string });
  });

  test('A30: a store that shows less than the sheet is refused', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    fs.cpSync(rig.at('store'), rig.at('older'), { recursive: true });
    rig.write('alice', 'news.txt', 'after the copy');
    await rig.sync('alice');
    const { head } = await rig.json<{ head: string }>('alice', ['vault', 'code']);
    const join = (at: string, on: string): Promise<CliOutcome> =>
      rig.on('carol', ['join', ...rig.link('carol', at), '--recovery-key', rig.recoveryKey, '--head', on]);
    expect(await join(`file://${rig.at('older')}`, head)).toMatchObject({
      exitCode: 5,
      stderr: expect.stringMatching(/^E_ROLLBACK: /m) as string,
    });
    expect(fs.existsSync(rig.profile('carol'))).toBe(false);
    const changed = head.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    expect(await join(rig.store, changed)).toMatchObject({ exitCode: 5 });
    expect(await join(rig.store, 'nonsense')).toMatchObject({ exitCode: 2 });
    expect((await join(rig.store, head)).exitCode).toBe(0);
  });

  test('a passphrase for a vault without one, another one, and none again', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    const phrases = ['orange lantern walks beside quiet rivers', 'seven copper kettles sing before sunrise'] as const;
    const set = async (text: string, ...more: string[]): Promise<CliOutcome> =>
      rig.on('alice', ['vault', 'passphrase', ...more], { env: { CACHETTE_NEW_PASSPHRASE: text } });
    const join = (device: string, text: string): Promise<CliOutcome> =>
      rig.on(device, ['join', ...rig.link(device)], { env: { CACHETTE_PASSPHRASE: text } });
    expect(await set('short')).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('E_WEAK_PASSPHRASE') as string });
    expectDone(await set(phrases[0]));
    expect(await set(phrases[0])).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('E_WEAK_PASSPHRASE') as string });
    expect((await join('carol', phrases[0])).exitCode).toBe(0);
    expectDone(await set(phrases[1]));
    expect((await join('dave', phrases[0])).exitCode).toBe(6);
    expectDone(await set('', '--remove'));
    expect((await join('dave', phrases[1])).exitCode).toBe(6);
    for (const old of phrases) {
      const again = await set(old);
      expect(again).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('E_WEAK_PASSPHRASE') as string });
    }
    expect(await rig.on('alice', ['vault', 'passphrase'])).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('CACHETTE_NEW_PASSPHRASE') as string,
    });
  });
});
