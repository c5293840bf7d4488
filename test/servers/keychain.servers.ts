/** A device whose keys rest in a real keychain: GNOME's, on a session bus of its own. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeFolder } from '../cli/describe-folder.ts';
import { filesWithCanary } from '../cli/find-canary.ts';
import { type Ended, mustSucceed, Program } from '../cli/program.ts';
import { isChosen, isInstalled } from './chosen-servers.ts';
import { gnomeKeyring } from './gnome-keyring.ts';
import { KeyringSession } from './keyring-session.ts';

const password = 'of the one who logs in';
const vaultPassphrase = 'harbour velvet nineteen lantern';

class Rig {
  readonly session: KeyringSession;
  readonly program: Program;

  /** A session whose keychain is open. */
  static async open(): Promise<Rig> {
    const session = await KeyringSession.open();
    await session.startKeyring(password);
    return new Rig(session, await Program.open());
  }

  private constructor(session: KeyringSession, program: Program) {
    this.session = session;
    this.program = program;
  }

  on(device: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.program.on(device, args, { env: { ...this.session.env, ...env } });
  }

  async must(device: string, args: readonly string[]): Promise<Ended> {
    return mustSucceed(await this.on(device, args));
  }

  async json<Result>(device: string, args: readonly string[]): Promise<Result> {
    return JSON.parse((await this.must(device, [...args, '--json'])).out) as Result;
  }

  /** A vault with one file in its folder; the recovery key. */
  async init(device: string, ...storage: readonly string[]): Promise<string> {
    fs.mkdirSync(this.program.at(device));
    fs.writeFileSync(this.program.at(device, 'a.txt'), 'content');
    const place = ['--store', this.program.storeUrl(), '--folder', this.program.at(device), '--name', device];
    return (await this.json<{ recoveryKey: string }>(device, ['init', ...place, '--no-passphrase', ...storage])).recoveryKey;
  }

  /** What must not change where keys can't be opened: folder, store, and what of the profile can't be made anew. */
  state(): unknown {
    const profile = this.program.profile('ann');
    return [
      describeFolder(this.program.at('ann')),
      describeFolder(this.program.at('store')),
      ['settings.json', 'device.json', 'pin'].map((name) => [name, fs.readFileSync(path.join(profile, name), 'hex')]),
    ];
  }

  /** Every command that needs the keys ends with 6, one line and this in it; what does not need them goes on. */
  async expectLocked(words: RegExp): Promise<void> {
    const before = this.state();
    for (const args of [['sync'], ['sync', '--watch'], ['verify'], ['key-storage', 'file']]) {
      const { code, out, err } = await this.on('ann', args);
      expect({ args, code, out }).toEqual({ args, code: 6, out: '' });
      expect(err).toMatch(/^cachette: E_KEYCHAIN_LOCKED: [^\n]+\n$/);
      expect(err).toMatch(words);
    }
    await this.must('ann', ['status']);
    await this.must('ann', ['ls']);
    expect(this.state()).toEqual(before);
  }

  /** After all that: what was written meanwhile reaches the store, and comes from there. */
  async expectGoesOn(recoveryKey: string): Promise<void> {
    fs.writeFileSync(this.program.at('ann', 'later.txt'), 'written while it was locked');
    await this.must('ann', ['sync']);
    await this.program.join('bob', this.program.storeUrl(), recoveryKey);
    await this.program.sync('bob');
    expect(describeFolder(this.program.at('bob'))).toEqual(describeFolder(this.program.at('ann')));
    expect(Object.keys(describeFolder(this.program.at('bob')))).toEqual(['a.txt', 'later.txt']);
  }
}

const canRun = isInstalled(gnomeKeyring);

describe.runIf(isChosen(gnomeKeyring))("keys in the system's keychain", () => {
  beforeAll(() => {
    if (!canRun) console.warn(`NOT TESTED: ${gnomeKeyring.packages.join(', ')} are not installed`);
  });

  describe.skipIf(!canRun)('of GNOME', () => {
    test('are taken there by default, and nowhere else; each device has its own', async () => {
      const rig = await Rig.open();
      const recoveryKey = await rig.init('ann');
      const [first = ''] = await rig.session.secrets();
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(await rig.json('ann', ['key-storage'])).toEqual({ keyStorage: 'keychain' });
      await rig.must('ann', ['sync']);
      const join = ['join', '--store', rig.program.storeUrl(), '--folder', rig.program.at('bob'), '--name', 'bob'];
      await rig.must('bob', [...join, '--recovery-key', recoveryKey, '--key-storage', 'keychain']);
      await rig.must('bob', ['sync']);
      expect(describeFolder(rig.program.at('bob'))).toEqual(describeFolder(rig.program.at('ann')));
      expect(await rig.json('bob', ['status'])).toMatchObject({ state: 'synced', files: 1 });
      const secrets = await rig.session.secrets();
      expect(new Set(secrets).size).toBe(2);
      for (const device of ['ann', 'bob']) {
        expect(fs.readdirSync(rig.program.profile(device))).not.toContain('device.key');
        for (const secret of secrets) expect(filesWithCanary(rig.program.profile(device), secret)).toEqual([]);
      }
    });

    test('move to a file, a passphrase and back, and leave no copy behind', async () => {
      const rig = await Rig.open();
      await rig.init('ann', '--key-storage', 'file');
      expect(await rig.session.secrets()).toEqual([]);
      await rig.must('ann', ['key-storage', 'keychain']);
      const [first] = await rig.session.secrets();
      expect(fs.existsSync(path.join(rig.program.profile('ann'), 'device.key'))).toBe(false);
      await rig.must('ann', ['sync']);
      mustSucceed(await rig.on('ann', ['key-storage', 'passphrase'], { CACHETTE_NEW_PASSPHRASE: vaultPassphrase }));
      expect(await rig.session.secrets()).toEqual([]);
      expect(await rig.on('ann', ['sync'], { CACHETTE_PASSPHRASE: 'another one' })).toMatchObject({ code: 6 });
      mustSucceed(await rig.on('ann', ['key-storage', 'keychain'], { CACHETTE_PASSPHRASE: vaultPassphrase }));
      const [second, ...others] = await rig.session.secrets();
      expect([others, second === first]).toEqual([[], false]);
      await rig.must('ann', ['sync']);
    });

    test('a join that fails leaves nothing in it', async () => {
      const rig = await Rig.open();
      await rig.init('ann', '--key-storage', 'file');
      const join = ['join', '--store', rig.program.storeUrl(), '--folder', rig.program.at('bob'), '--key-storage', 'keychain'];
      const ended = await rig.on('bob', [...join, '--recovery-key', 'GGE6-HQ3Z-SHRD-6E3Y-RPCN-E9XC-ENZ1-WRHX-BV7P']);
      expect(ended).toMatchObject({ code: 6, err: expect.stringMatching(/^cachette: E_LOCKED: [^\n]+\n$/) as string });
      expect(await rig.session.secrets()).toEqual([]);
      expect(fs.existsSync(rig.program.profile('bob'))).toBe(false);
    });

    test('a locked one, and one that a wrong password did not open, are told; nothing is lost', async () => {
      const rig = await Rig.open();
      const recoveryKey = await rig.init('ann');
      await rig.must('ann', ['sync']);
      await rig.session.lock();
      expect(await rig.session.secrets()).toEqual([]); // guard: it is locked
      await rig.expectLocked(/locked, or no longer holds/);
      await rig.session.killKeyring();
      await rig.session.startKeyring('a wrong password');
      await rig.expectLocked(/locked, or no longer holds/);
      await rig.session.killKeyring();
      await rig.session.startKeyring(password);
      await rig.expectGoesOn(recoveryKey);
    });

    test('a new device does without a locked one unless it was asked for, and says so', async () => {
      const rig = await Rig.open();
      await rig.init('ann');
      await rig.session.lock();
      fs.mkdirSync(rig.program.at('cem'));
      const init = ['init', '--store', rig.program.storeUrl('other'), '--folder', rig.program.at('cem'), '--no-passphrase'];
      expect(await rig.on('cem', [...init, '--key-storage', 'keychain'])).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^cachette: E_KEYCHAIN_WEAK: [^\n]*locked[^\n]*\n$/) as string,
      });
      expect([fs.existsSync(rig.program.profile('cem')), describeFolder(rig.program.at('cem'))]).toEqual([false, {}]);
      expect(fs.readdirSync(rig.program.at('other'))).not.toContain('genesis');
      const { err } = await rig.must('cem', [...init, '--quiet']);
      expect(err).toMatch(/^cachette: the system's keychain is locked, [^\n]* kept in a file[^\n]*\n$/);
      expect(await rig.json('cem', ['key-storage'])).toEqual({ keyStorage: 'file' });
    });

    test('one that died, a bus that is away, no session at all: each is told, and all goes on when it is back', async () => {
      const rig = await Rig.open();
      const recoveryKey = await rig.init('ann');
      const watching = rig.program.startOn('ann', ['sync', '--watch', '--json'], { env: rig.session.env });
      const isSynced = (line: string): boolean => line.includes('"state":"synced"');
      await watching.line(isSynced);
      await rig.session.killKeyring();
      // What has its keys goes on.
      const again = watching.line(isSynced);
      fs.writeFileSync(rig.program.at('ann', 'a.txt'), 'edited while the keychain was away');
      await again;
      watching.child.kill('SIGTERM');
      expect((await watching.ended).code).toBe(0);
      await rig.expectLocked(/does not answer/);
      await rig.session.killBus();
      await rig.expectLocked(/does not answer/);
      expect(await rig.program.on('ann', ['sync'])).toMatchObject({
        code: 6,
        err: expect.stringMatching(/^cachette: E_KEYCHAIN_LOCKED: [^\n]*'libsecret', which is not there now[^\n]*\n$/) as string,
      });
      await rig.session.startBus();
      await rig.session.startKeyring(password);
      await rig.expectGoesOn(recoveryKey);
    });
  });
});
