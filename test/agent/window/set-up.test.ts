/** `cachette agent` from an empty place to a linked folder and back, as the desktop app uses it. */
import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { DeviceRig, HastyClock } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

const passphrase = 'gravel teapot orbit lantern mosaic fjord';

async function emptyRig(...devices: readonly string[]): Promise<DeviceRig> {
  const rig = await DeviceRig.open();
  for (const device of devices) fs.mkdirSync(rig.at(device));
  return rig;
}

/** What lies in the folder of a profile that is none; undefined: not even the folder. */
function left(rig: DeviceRig, device: string): readonly string[] | undefined {
  return fs.existsSync(rig.profile(device)) ? fs.readdirSync(rig.profile(device)).filter((name) => !name.endsWith('-journal')) : undefined;
}

describe('an agent without a profile', () => {
  test('makes a vault, syncs without a restart, lets another device join by passphrase, and unlinks again', async () => {
    const rig = await emptyRig('ann', 'bob');
    rig.write('ann', 'a.txt', 'from ann');
    const ann = await WindowRig.start(rig, 'ann');
    expect(await ann.ask('overview', {})).toEqual({ is: 'unlinked' });
    await expect(ann.client.ask({ do: 'sync' })).rejects.toMatchObject({ code: 'E_NO_PROFILE' });

    const link = { store: { url: rig.store }, keyStorage: 'file' } as const;
    const made = await ann.ask('init', { ...link, folder: rig.at('ann'), deviceName: 'ann', passphrase });
    expect(made).toMatchObject({ device: 'ann', recoveryKey: expect.stringMatching(/^[0-9A-Z-]{44}$/) as string });
    await ann.settle();
    await expect
      .poll(() => ann.ask('overview', {}))
      .toMatchObject({
        is: 'linked',
        state: 'synced',
        folder: rig.at('ann'),
        device: 'ann',
        files: 1,
        bytes: 8,
        progress: null,
        vaultId: made.vaultId,
      });
    await expect.poll(() => ann.heard).toContainEqual({ event: 'state' });
    // Commands of the profile work through it.
    await rig.must('ann', ['sync']);
    await expect(ann.ask('init', { ...link, folder: rig.at('ann'), passphrase })).rejects.toMatchObject({ code: 'E_PROFILE_EXISTS' });

    const bob = await WindowRig.start(rig, 'bob');
    const wrong = bob.ask('join', { ...link, folder: rig.at('bob'), passphrase: 'another one that is wrong' });
    await expect(wrong).rejects.toMatchObject({ code: 'E_LOCKED' });
    expect(await bob.ask('overview', {})).toEqual({ is: 'unlinked' });
    await bob.ask('join', { ...link, folder: rig.at('bob'), deviceName: 'bob', passphrase });
    await bob.settle();
    expect(fs.readFileSync(rig.at('bob', 'a.txt'), 'utf8')).toBe('from ann');

    await bob.ask('unlink', {});
    expect(await bob.ask('overview', {})).toEqual({ is: 'unlinked' });
    expect(left(rig, 'bob')?.toSorted()).toEqual(['agent.sock', 'agent.token', 'owner.lock']);
    expect(rig.files('bob')).toEqual(['a.txt']);
    // And can be linked again, to the same place.
    await bob.ask('join', { ...link, folder: rig.at('bob'), recoveryKey: made.recoveryKey });
    await bob.settle();
    await expect.poll(() => bob.ask('overview', {})).toMatchObject({ is: 'linked', state: 'synced', files: 1 });
  });

  test('leaves nothing behind where the set-up is stopped, or the agent ends in the middle of it', async () => {
    const rig = await DeviceRig.withDevices('ann');
    fs.mkdirSync(rig.at('bob'));
    const before = rig.objects();
    const link = { store: { url: rig.store }, folder: rig.at('bob'), keyStorage: 'file' } as const;
    const bob = await WindowRig.start(rig, 'bob');
    const joining = bob.ask('join-by-code', link).catch((error: unknown) => error);
    await expect.poll(() => bob.heard.find(({ event }) => event === 'join-code')?.code).toMatch(/^\w+(?:-\w+)+$/);
    await expect(bob.ask('join-by-code', link)).rejects.toMatchObject({ code: 'E_BUSY' });
    await bob.ask('stop-set-up', {});
    expect(await joining).toMatchObject({ code: 'E_BUSY', message: expect.stringContaining('stopped') as string });
    expect(fs.readdirSync(rig.at('bob'))).toEqual([]);
    expect(rig.objects().filter((name) => !name.startsWith('enrol/'))).toEqual(before);

    bob.heard.length = 0;
    const again = bob.ask('join-by-code', link).catch((error: unknown) => error);
    await expect.poll(() => bob.heard.some(({ event }) => event === 'join-code')).toBe(true);
    bob.cli.interrupt();
    expect(await again).toMatchObject({ code: 'E_BUSY' });
    expect(await bob.cli.ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(fs.readdirSync(rig.at('bob'))).toEqual([]);
    expect(left(rig, 'bob')).toBeUndefined();
  });

  test('says what stands in a store, and why it can not be used', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const bob = await WindowRig.start(rig, 'bob');
    const probe = (url: string): ReturnType<typeof bob.ask<'probe-store'>> => bob.ask('probe-store', { store: { url } });
    expect(await probe(rig.store)).toEqual({ has: 'vault', notes: [] });
    expect(await probe(`file://${rig.at('not', 'there')}`)).toEqual({ has: 'nothing', notes: [] });
    expect(fs.existsSync(rig.at('not'))).toBe(false);
    fs.mkdirSync(rig.at('filled'));
    expect(await probe(`file://${rig.at('filled')}`)).toEqual({ has: 'nothing', notes: [] });
    expect(fs.readdirSync(rig.at('filled'))).toEqual([]);
    await expect(probe('http://token@127.0.0.1:1/name')).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    await expect(probe('nothing')).rejects.toMatchObject({ code: 'E_USAGE' });
    const secret = { url: 'file:///a', accessKey: 'AKIA0', secretKey: 'hunter2' };
    await expect(bob.ask('probe-store', { store: secret })).rejects.toMatchObject({
      message: expect.not.stringContaining('hunter2') as string,
    });
  });

  test('says what a folder holds, and whose it is', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const bob = await WindowRig.start(rig, 'bob');
    fs.mkdirSync(rig.at('full', 'below'), { recursive: true });
    fs.writeFileSync(rig.at('full', 'below', 'a.txt'), '12345');
    const look = (...names: readonly string[]): ReturnType<typeof bob.ask<'look-at-folder'>> =>
      bob.ask('look-at-folder', { folder: rig.at(...names) });
    expect(await look('full')).toMatchObject({ exists: true, files: 1, bytes: 5, isMore: false });
    expect(await look('new', 'one')).toMatchObject({ exists: false, files: 0, freeBytes: expect.any(Number) as number });
    expect(fs.existsSync(rig.at('new'))).toBe(false);
    for (const taken of [['ann'], ['ann', 'below'], ['.'], ['profile-bob', 'x'], ['profile-ann', 'x'], ['profile-ann']]) {
      await expect(look(...taken)).rejects.toMatchObject({ code: 'E_FOLDER_OWNED' });
    }
    await expect(look('full', 'below', 'a.txt')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  test('weighs passphrases, and has some to offer', async () => {
    const bob = await WindowRig.start(await DeviceRig.open(), 'bob');
    expect(await bob.ask('weigh-passphrase', { passphrase: '' })).toEqual({ score: 0, isEnough: false, warning: '' });
    expect(await bob.ask('weigh-passphrase', { passphrase: 'password' })).toMatchObject({ score: 0, isEnough: false });
    const offered = await bob.ask('suggest-passphrase', {});
    expect(await bob.ask('weigh-passphrase', offered)).toMatchObject({ score: 4, isEnough: true });
  });
});

describe('an agent whose keys a passphrase seals', () => {
  test('waits for it, refuses a wrong one, and goes on with the right one', async () => {
    const rig = await emptyRig('ann');
    const first = await WindowRig.start(rig, 'ann');
    await first.ask('init', { store: { url: rig.store }, folder: rig.at('ann'), deviceName: 'ann', keyStorage: 'passphrase', passphrase });
    await first.settle();
    await first.end();

    const ann = await WindowRig.start(rig, 'ann');
    expect(await ann.ask('overview', {})).toEqual({ is: 'locked', folder: rig.at('ann'), device: 'ann' });
    expect(await rig.on('ann', ['sync'])).toMatchObject({ exitCode: 6 });
    await expect(ann.ask('unlock', { passphrase: 'not this one, I fear' })).rejects.toMatchObject({ code: 'E_LOCKED' });
    expect(await ann.ask('overview', {})).toMatchObject({ is: 'locked' });
    await ann.ask('unlock', { passphrase });
    await ann.settle();
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ is: 'linked', state: 'synced' });
    // Once open, it stays so while the session is opened anew.
    await ann.ask('unlock', { passphrase: 'whatever' });
    expect(await ann.ask('overview', {})).toMatchObject({ is: 'linked' });
  });
});

describe('a pause', () => {
  test('for some time ends by itself, also after a restart', async () => {
    const rig = await DeviceRig.withDevices('ann');
    // Without haste, so that the pause is not over before it was looked at again; in haste, once it only has to end.
    const unhurried = { clock: systemClock };
    const first = await WindowRig.start(rig, 'ann', unhurried);
    await first.settle();
    await first.ask('pause-for', { minutes: 1 });
    const paused = await first.ask('overview', {});
    expect(paused).toMatchObject({ state: 'paused', pausedUntil: expect.stringMatching(/^\d{4}-/) as string });
    await first.end();
    const second = await WindowRig.start(rig, 'ann', unhurried);
    expect(await second.ask('overview', {})).toMatchObject({ pausedUntil: 'pausedUntil' in paused ? paused.pausedUntil : '' });
    await second.end();
    const third = await WindowRig.start(rig, 'ann', { clock: new HastyClock(20) });
    await expect.poll(async () => third.ask('overview', {})).toMatchObject({ state: 'synced', pausedUntil: null });
  });

  test('without an end holds until somebody resumes', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const ann = await WindowRig.start(rig, 'ann');
    await ann.ask('pause-for', {});
    expect(await ann.ask('overview', {})).toMatchObject({ state: 'paused', pausedUntil: null });
    expect(await rig.json('ann', ['status'])).toMatchObject({ state: 'paused' });
    await rig.must('ann', ['resume']);
    await expect.poll(async () => ann.ask('overview', {})).toMatchObject({ state: 'synced' });
  });
});

describe('one owner', () => {
  test('of a place where a profile may come to be: a command that is refused there takes nothing away', async () => {
    const rig = await emptyRig('bob');
    const bob = await WindowRig.start(rig, 'bob');
    const there = left(rig, 'bob');
    expect(there).toContain('agent.sock');
    expect(await rig.on('bob', ['init', ...rig.link('bob'), '--no-passphrase'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('E_BUSY') as string,
    });
    expect(left(rig, 'bob')).toEqual(there);
    // And it is still the one owner.
    expect(await rig.on('bob', ['init', ...rig.link('bob'), '--no-passphrase'])).toMatchObject({ exitCode: 1 });
    await bob.ask('init', { store: { url: rig.store }, folder: rig.at('bob'), keyStorage: 'file' });
    await bob.settle();
  });

  test('of nothing but what it made: what others put beside it meanwhile stays', async () => {
    const rig = await DeviceRig.open();
    const agent = rig.start('bob', ['--profile', rig.at('share', 'cachette'), 'agent', '--json']);
    await agent.firstLine;
    fs.writeFileSync(rig.at('share', 'of-another-program'), 'kept');
    agent.interrupt();
    expect(await agent.ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(fs.readdirSync(rig.at('share'))).toEqual(['of-another-program']);
  });

  test('of a profile: another agent, or `sync --watch`, is refused, and the first goes on', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const ann = await WindowRig.start(rig, 'ann');
    expect(await rig.on('ann', ['agent'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('E_BUSY') as string });
    expect(await rig.on('ann', ['sync', '--watch'])).toMatchObject({ exitCode: 1 });
    await ann.settle();
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ state: 'synced' });
    await ann.client.ask({ do: 'stop' });
    expect(await ann.cli.ended).toMatchObject({ exitCode: 0 });
    await rig.sync('ann');
  });
});

describe.runIf(process.platform === 'linux')('the keychain', () => {
  /** A `secret-tool` that keeps what it is given, or forgets it, in a folder. */
  function fakeTool(rig: DeviceRig, store: string): NodeJS.ProcessEnv {
    fs.mkdirSync(rig.at('bin'));
    fs.mkdirSync(rig.at('kept'));
    const script = `#!/bin/sh\nfor account; do :; done\ncase "$1" in\nstore) ${store} ;;\nlookup) cat '${rig.at('kept')}'/"$account" 2>/dev/null ;;\nclear) rm -f '${rig.at('kept')}'/"$account" ;;\nesac\n`;
    fs.writeFileSync(rig.at('bin', 'secret-tool'), script, { mode: 0o755 });
    return { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', PATH: `${rig.at('bin')}:${process.env['PATH'] ?? ''}` };
  }

  test.each([
    ['there is none', false, undefined],
    ['it keeps what it is given', true, (rig: DeviceRig) => `cat > '${rig.at('kept')}'/"$account"`],
    ['it takes everything and keeps nothing', false, () => 'cat > /dev/null'],
    ['it takes nothing', false, () => 'exit 1'],
  ] as const)('where %s: works %s, and nothing stays in it', async (_what, works, store) => {
    const rig = await emptyRig('ann');
    const env = store === undefined ? {} : fakeTool(rig, store(rig));
    const ann = await WindowRig.start(rig, 'ann', { env });
    expect(await ann.ask('look-at-keychain', {})).toEqual({ works });
    expect(fs.existsSync(rig.at('kept')) ? fs.readdirSync(rig.at('kept')) : []).toEqual([]);
  });
});
