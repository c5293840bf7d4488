import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

const phrases = ['orange lantern walks beside quiet rivers', 'seven copper kettles sing before sunrise'] as const;

describe('key-storage', () => {
  test('from a file to a passphrase, to another one, and back: each time the old way opens nothing', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const keyFile = rig.at('profile-alice', 'device.key');
    const old = fs.readFileSync(keyFile);
    expect(await rig.json('alice', ['key-storage'])).toEqual({ keyStorage: 'file' });
    const toFirst = { env: { CACHETTE_NEW_PASSPHRASE: phrases[0] } };
    expect(await rig.json('alice', ['key-storage', 'passphrase'], toFirst)).toEqual({ keyStorage: 'passphrase' });
    expect(fs.existsSync(keyFile)).toBe(false);
    const locked = await rig.on('alice', ['sync']);
    expect(locked).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('E_LOCKED') as string });
    const toSecond = { env: { CACHETTE_PASSPHRASE: phrases[0], CACHETTE_NEW_PASSPHRASE: phrases[1] } };
    expect(await rig.json('alice', ['key-storage', 'passphrase'], toSecond)).toEqual({ keyStorage: 'passphrase' });
    const refused = await rig.on('alice', ['sync'], { env: { CACHETTE_PASSPHRASE: phrases[0] } });
    expect(refused).toMatchObject({
      exitCode: 6,
      stderr: expect.stringMatching(/CACHETTE_PASSPHRASE.* join again with a new profile/) as string,
    });
    // It opens the vault, and not these keys.
    expect(refused.stderr).not.toContain('recovery key');
    await rig.must('alice', ['sync'], { env: { CACHETTE_PASSPHRASE: phrases[1] } });
    expect(await rig.json('alice', ['key-storage', 'file'], { env: { CACHETTE_PASSPHRASE: phrases[1] } })).toEqual({ keyStorage: 'file' });
    expect(fs.statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(fs.readFileSync(keyFile).equals(old)).toBe(false);
    await rig.sync('alice');
  });

  test('what can not be: no keychain here, a weak passphrase, the wrong one, nobody to ask; all stays as it was', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const refused = async (kind: string, env: NodeJS.ProcessEnv = {}): Promise<string> =>
      /E_[A-Z_]+/.exec((await rig.on('alice', ['key-storage', kind], { env })).stderr)?.[0] ?? '';
    expect(await refused('keychain')).toBe('E_KEYCHAIN_WEAK');
    expect(await refused('passphrase', { CACHETTE_NEW_PASSPHRASE: 'password1' })).toBe('E_WEAK_PASSPHRASE');
    expect(await refused('passphrase')).toBe('E_LOCKED');
    expect(await refused('drawer')).toBe('E_USAGE');
    await rig.sync('alice');
    await rig.must('alice', ['key-storage', 'passphrase'], { env: { CACHETTE_NEW_PASSPHRASE: phrases[0] } });
    expect(await refused('file', { CACHETTE_PASSPHRASE: phrases[1] })).toBe('E_LOCKED');
    await rig.must('alice', ['sync'], { env: { CACHETTE_PASSPHRASE: phrases[0] } });
  });
});

describe('a profile that was put back from a backup', () => {
  test('is told from what it wrote since, changes nothing, and goes on as a device of its own', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    fs.cpSync(rig.profile('alice'), rig.at('backup'), { recursive: true });
    rig.write('alice', 'since.txt', 'after the backup');
    await rig.sync('alice', 'bob');
    fs.rmSync(rig.profile('alice'), { recursive: true });
    fs.cpSync(rig.at('backup'), rig.profile('alice'), { recursive: true });
    rig.write('alice', 'unseen.txt', 'not published yet');
    const before = rig.objects();
    const refused = await rig.on('alice', ['sync']);
    expect(refused).toMatchObject({
      exitCode: 5,
      stderr: expect.stringMatching(/^E_CLONED_DEVICE: [^\n]*devices renew[^\n]*\n$/) as string,
    });
    expect(rig.objects()).toEqual(before);
    expect(await rig.json('alice', ['devices', 'renew'])).toEqual({ name: 'alice (2)' });
    await rig.sync('alice', 'bob', 'alice');
    expect(rig.files('bob')).toEqual(['a.txt', 'since.txt', 'unseen.txt']);
    expect(rig.files('alice')).toEqual(rig.files('bob'));
    await rig.must('alice', ['devices', 'revoke', 'alice']);
    await rig.sync('alice', 'bob');
  });
});

test('relink: the same vault at another address is kept; another vault, an older state and nothing are refused', async () => {
  const rig = await DeviceRig.withDevices('alice', 'bob');
  const moved = rig.at('moved');
  fs.cpSync(rig.at('store'), moved, { recursive: true });
  await rig.join('carol');
  await rig.sync('alice');
  const refused = async (url: string): Promise<string> =>
    /E_[A-Z_]+/.exec((await rig.on('alice', ['relink', '--store', url])).stderr)?.[0] ?? '';
  expect(await refused(`file://${moved}`)).toBe('E_ROLLBACK');
  const other = await DeviceRig.withDevices('zoe');
  expect(await refused(other.store)).toBe('E_REPLACED_VAULT');
  fs.mkdirSync(rig.at('empty'));
  expect(await refused(`file://${rig.at('empty')}`)).toBe('E_STORE_EMPTY');
  expect(await refused('nonsense')).toBe('E_USAGE');
  await rig.sync('alice');
  fs.rmSync(moved, { recursive: true });
  fs.renameSync(rig.at('store'), moved);
  expect((await rig.on('alice', ['sync'])).exitCode).toBe(4);
  await rig.must('alice', ['relink', '--store', `file://${moved}`]);
  rig.write('alice', 'b.txt', 'at the new address');
  await rig.sync('alice');
});
