/** Devices, passphrase, recovery key and settings, as a settings window changes them. */
import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { DeviceRig } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

const passphrase = 'gravel teapot orbit lantern mosaic fjord';

async function start(...others: readonly string[]): Promise<{ readonly rig: DeviceRig; readonly ann: WindowRig }> {
  const rig = await DeviceRig.withDevices('ann', ...others);
  const ann = await WindowRig.start(rig, 'ann');
  await ann.settle();
  return { rig, ann };
}

describe('devices', () => {
  test('are listed, renamed, let in by their code, and removed with what they knew', async () => {
    const { rig, ann } = await start();
    expect(await ann.ask('rename-device', { name: 'tower' })).toEqual({});
    fs.mkdirSync(rig.at('bob'));
    const bob = await WindowRig.start(rig, 'bob');
    const joining = bob.ask('join-by-code', { store: { url: rig.store }, folder: rig.at('bob'), deviceName: 'bob', keyStorage: 'file' });
    await expect.poll(() => bob.heard.find(({ event }) => event === 'join-code')?.code).toBeDefined();
    await expect(ann.ask('approve-device', { code: 'nonsense' })).rejects.toMatchObject({ code: 'E_CODE' });
    const code = bob.heard.find(({ event }) => event === 'join-code')?.code ?? '';
    expect(await ann.ask('approve-device', { code })).toEqual({ name: 'bob' });
    expect(await joining).toMatchObject({ device: 'bob' });
    await bob.settle();
    expect(fs.readFileSync(rig.at('bob', 'a.txt'), 'utf8')).toBe('from ann');

    const { rows } = await ann.ask('list-devices', {});
    expect(rows.map(({ name, this: isThis, revoked }) => ({ name, isThis, revoked }))).toEqual([
      { name: 'tower', isThis: true, revoked: false },
      { name: 'bob', isThis: false, revoked: false },
    ]);
    expect(await bob.ask('compare-code', {})).toMatchObject({ code: expect.stringMatching(/^\d{4} \d{4} \d{4}$/) as string });
    await ann.ask('remove-device', { device: rows[1]?.id ?? '' });
    await expect(bob.settle()).rejects.toMatchObject({ code: expect.stringMatching(/^E_(?:REVOKED|BUSY)$/) as string });
    // Its agent stays, and says what is the matter.
    await expect.poll(() => bob.ask('overview', {})).toMatchObject({ is: 'stopped', device: 'bob', why: { code: 'E_REVOKED' } });
    expect(await rig.on('bob', ['sync'])).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('E_REVOKED') as string });
    await bob.ask('unlink', {});
    expect(await bob.ask('overview', {})).toEqual({ is: 'unlinked' });
    await expect(ann.ask('remove-device', { device: rows[0]?.id ?? '' })).rejects.toMatchObject({ code: 'E_OWN_DEVICE' });
  });

  test('a new passphrase and a new recovery key open the vault, the old key does not; its sheet is for the right key only', async () => {
    const { rig, ann } = await start();
    await expect(ann.ask('change-passphrase', { passphrase: 'short' })).rejects.toMatchObject({ code: 'E_WEAK_PASSPHRASE' });
    await ann.ask('change-passphrase', { passphrase });
    const old = rig.recoveryKey;
    expect((await ann.ask('recovery-sheet', { recoveryKey: old })).sheet).toContain(old);
    const made = await ann.ask('new-recovery-key', {});
    expect(made.sheet).toContain(made.recoveryKey);
    expect(made.sheet).toMatch(/^<!doctype html>/);
    await ann.settle();
    await expect(ann.ask('recovery-sheet', { recoveryKey: old })).rejects.toMatchObject({ code: 'E_LOCKED' });
    await expect(rig.join('bob', old)).rejects.toThrow('E_LOCKED');
    await rig.join('bob', made.recoveryKey);
    const carol = await WindowRig.start(rig, 'carol');
    await carol.ask('join', { store: { url: rig.store }, folder: rig.at('carol'), keyStorage: 'file', passphrase });
    expect(await carol.ask('read-key-storage', {})).toEqual({ kind: 'file' });
    await ann.ask('change-passphrase', { passphrase: null });
    const dora = await WindowRig.start(rig, 'dora');
    const late = dora.ask('join', { store: { url: rig.store }, folder: rig.at('dora'), keyStorage: 'file', passphrase });
    await expect(late).rejects.toMatchObject({ code: 'E_LOCKED' });
  });
});

describe('where this device keeps its keys', () => {
  test('is changed while it works; the agent knows the new way, and the next one asks for it', async () => {
    const { rig, ann } = await start();
    await expect(ann.ask('change-key-storage', { kind: 'keychain' })).rejects.toMatchObject({ code: 'E_KEYCHAIN_WEAK' });
    await expect(ann.ask('change-key-storage', { kind: 'passphrase', passphrase: 'short' })).rejects.toMatchObject({
      code: 'E_WEAK_PASSPHRASE',
    });
    await expect(ann.ask('change-key-storage', { kind: 'passphrase' })).rejects.toMatchObject({ code: 'E_LOCKED' });
    expect(await ann.ask('read-key-storage', {})).toEqual({ kind: 'file' });

    await ann.ask('change-key-storage', { kind: 'passphrase', passphrase });
    expect(await ann.ask('read-key-storage', {})).toEqual({ kind: 'passphrase' });
    // Opens its session anew, and needs nobody for it.
    await ann.ask('renew-device', {});
    await ann.settle();
    expect(await ann.ask('overview', {})).toMatchObject({ is: 'linked' });
    await ann.end();
    const again = await WindowRig.start(rig, 'ann');
    expect(await again.ask('overview', {})).toMatchObject({ is: 'locked' });
    await again.ask('unlock', { passphrase });
    await again.ask('change-key-storage', { kind: 'file' });
    expect(await again.ask('read-key-storage', {})).toEqual({ kind: 'file' });
    await again.end();
    await rig.sync('ann');
  });
});

describe('settings', () => {
  test('are listed, changed and taken back, and hold at once', async () => {
    const { rig, ann } = await start();
    const setting = async (key: string): Promise<unknown> => {
      const { value, isSet } = (await ann.ask('list-settings', {})).rows.find((row) => row.key === key) ?? {};
      return [value, isSet];
    };
    expect(await setting('bandwidth.up')).toEqual([null, false]);
    await ann.ask('change-setting', { key: 'bandwidth.up', value: '500k' });
    expect(await setting('bandwidth.up')).toEqual([500_000, true]);
    await ann.ask('change-setting', { key: 'bandwidth.up', value: 'default' });
    expect(await setting('bandwidth.up')).toEqual([null, false]);
    for (const [key, value] of [
      ['bandwidth.up', 'much'],
      ['poll.seconds', '0'],
      ['constructor', '1'],
      ['proxy', 'http://user:password@host:1'],
    ] as const) {
      await expect(ann.ask('change-setting', { key, value })).rejects.toMatchObject({ code: 'E_USAGE' });
    }
    // Another session: the rules are read when one is opened.
    await ann.ask('change-setting', { key: 'ignore', value: '*.secret' });
    await expect.poll(() => ann.heard.map(({ event }) => event)).toContain('settings');
    rig.write('ann', 'b.secret', 'x');
    rig.write('ann', 'c.txt', 'y');
    await ann.settle();
    expect((await rig.json<{ path: string }[]>('ann', ['ls'])).map(({ path }) => path)).toEqual(['a.txt', 'c.txt']);
    await ann.ask('change-setting', { key: 'retention.days', value: '90' });
    expect(await setting('retention.days')).toEqual([90, true]);
  });
});

describe('activity', () => {
  test('tells what was done last, by whom, newest first', async () => {
    const { rig, ann } = await start('bob');
    fs.mkdirSync(rig.at('bob', 'papers'));
    rig.write('bob', 'papers/plan.txt', 'one');
    await rig.sync('bob');
    await ann.settle();
    rig.write('ann', 'papers/plan.txt', 'another');
    await ann.settle();
    fs.renameSync(rig.at('ann', 'papers/plan.txt'), rig.at('ann', 'papers/idea.txt'));
    await ann.settle();
    fs.rmSync(rig.at('ann', 'a.txt'));
    await ann.settle();
    const { rows } = await ann.ask('activity', { limit: 100 });
    expect(rows.map(({ path, did, kind, device, isThisDevice }) => [path, did, kind, device, isThisDevice])).toEqual([
      ['a.txt', 'removed', 'file', 'ann', true],
      ['papers/idea.txt', 'moved', 'file', 'ann', true],
      ['papers/idea.txt', 'changed', 'file', 'ann', true],
      ['papers/idea.txt', 'added', 'file', 'bob', false],
      ['papers', 'added', 'dir', 'bob', false],
      ['a.txt', 'added', 'file', 'ann', true],
    ]);
    expect((await ann.ask('activity', { limit: 2 })).rows).toEqual(rows.slice(0, 2));
  });

  test('of a conflict names the copy', async () => {
    const rig = await DeviceRig.withDevices('ann', 'bob');
    for (const device of ['ann', 'bob']) rig.write(device, 'a.txt', `by ${device}`);
    await rig.sync('bob');
    const ann = await WindowRig.start(rig, 'ann');
    await ann.settle();
    const { rows } = await ann.ask('activity', { limit: 1 });
    expect(rows).toMatchObject([{ did: 'conflict', path: expect.stringMatching(/^a \(conflict ann /) as string }]);
  });
});
