import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { nameFromBytes } from '../../src/model/name.ts';
import { serve } from '../server/server-world.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));

/** One line on stderr with this code and these words. */
function says(exitCode: number, code: string, ...words: readonly string[]): object {
  const all = words.map((word) => `(?=.*${word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)})`).join('');
  return { exitCode, stderr: expect.stringMatching(new RegExp(`^${all}(?:cachette: )?${code}: [^\\n]+\\n$`)) as string };
}

describe('what is wrong with this computer is not blamed on the store', () => {
  test('a pin, settings and a store address that were damaged', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const file = (name: string): string => path.join(rig.profile('alice'), name);
    const spoiled = async (name: string, spoil: (whole: string) => string): Promise<object> => {
      const whole = fs.readFileSync(file(name));
      fs.writeFileSync(file(name), spoil(whole.toString('utf8')));
      const outcome = await rig.on('alice', ['sync']);
      fs.writeFileSync(file(name), whole);
      return outcome;
    };
    expect(await spoiled('pin', () => 'zz')).toMatchObject(says(1, 'E_FAILED', file('pin'), 'damaged'));
    expect(await spoiled('settings.json', () => 'x'.repeat(10_000_000))).toMatchObject(says(1, 'E_FAILED', file('settings.json')));
    const otherStore = (text: string): string => text.replace(/"store": "[^"]{8}/, (found) => `${found.slice(0, -8)}AAAAAAAA`);
    expect(await spoiled('device.json', otherStore)).toMatchObject(says(6, 'E_LOCKED', "store's address"));
    const damaged = await spoiled('device.key', () => 'x'.repeat(32));
    expect(damaged).toMatchObject(says(6, 'E_LOCKED', 'damaged', 'new profile'));
    expect(damaged).not.toMatchObject({ stderr: expect.stringContaining('passphrase') as string });
    // As the advice says: the index knows the same.
    fs.rmSync(file('pin'));
    await rig.sync('alice');
  });

  test.runIf(process.platform !== 'win32')(
    'a link in the place of a file: nobody is told to change the rights of what it leads to',
    async () => {
      const rig = await DeviceRig.withDevices('alice');
      fs.writeFileSync(rig.at('elsewhere'), 'x', { mode: 0o644 });
      fs.rmSync(path.join(rig.profile('alice'), 'index.sqlite'));
      fs.symlinkSync(rig.at('elsewhere'), path.join(rig.profile('alice'), 'index.sqlite'));
      const refused = await rig.on('alice', ['sync']);
      expect(refused).toMatchObject(says(1, 'E_LOCAL_PERMS', 'is a link', 'take it away'));
      expect(refused.stderr).not.toContain('chmod');
      expect(fs.statSync(rig.at('elsewhere')).mode & 0o777).toBe(0o644);
    },
  );

  test('an authority that is not there: not kept, and not asked for where no server is', async () => {
    const rig = await DeviceRig.withDevices('alice');
    for (const value of ['/nope', '/etc/passwd'])
      expect(await rig.on('alice', ['config', 'set', 'store.ca', value])).toMatchObject(says(2, 'E_USAGE', value));
    const settings = path.join(rig.profile('alice'), 'settings.json');
    fs.writeFileSync(settings, fs.readFileSync(settings, 'utf8').replace('"config": {}', '"config": { "store.ca": "/nope" }'));
    expect(fs.readFileSync(settings, 'utf8')).toContain('/nope');
    await rig.sync('alice');
  });
});

test('nobody is asked for a passphrase that would open nothing', async () => {
  const rig = await DeviceRig.withDevices('alice');
  const typed = { env: { CACHETTE_PASSPHRASE: 'of nothing that is here 17' } };
  const noSlot = await rig.on('bob', ['join', ...rig.link('bob')], typed);
  expect(noSlot).toMatchObject(says(6, 'E_LOCKED', 'this vault has no passphrase', '--recovery-key', '--code'));
  expect(noSlot.stderr).not.toContain('CACHETTE_PASSPHRASE');
});

test('who starts over with a new profile is told what is in the way of going on with the files that are there', async () => {
  const rig = await DeviceRig.withDevices('alice');
  const again = ['join', ...rig.link('alice'), '--recovery-key', rig.recoveryKey];
  expect(await rig.on('bob', again)).toMatchObject(says(1, 'E_FOLDER_OWNED', `move ${rig.profile('alice')} elsewhere first`));
  fs.renameSync(rig.profile('alice'), rig.at('aside'));
  await rig.must('bob', again);
  await rig.sync('bob');
  expect(rig.files('alice')).toEqual(['a.txt']);
});

test('a pack that only older versions need is lost: nobody is sent around to repair files that are whole', async () => {
  const rig = await DeviceRig.withDevices('alice');
  const before = rig.objects('packs/');
  rig.write('alice', 'b.txt', 'soon gone');
  await rig.sync('alice');
  const [pack = ''] = rig.objects('packs/').filter((name) => !before.includes(name));
  fs.rmSync(rig.at('store', pack));
  const repair = 'E_MISSING: 1 object of the store missing or damaged, 1 file affected. `cachette verify --repair`';
  expect(await rig.on('alice', ['verify'])).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(repair) as string });
  fs.rmSync(rig.at('alice', 'b.txt'));
  await rig.sync('alice');
  for (const options of [[], ['--repair']]) {
    const lost = await rig.on('alice', ['verify', ...options]);
    expect(lost).toMatchObject(says(5, 'E_MISSING', '0 files affected', 'only older versions are lost'));
    expect(lost.stderr).not.toContain('epair');
  }
});

describe('what was typed is taken as it was typed, or not at all', () => {
  test('an empty folder is not the current one', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const join = ['--recovery-key', rig.recoveryKey, '--key-storage', 'file', '--store', rig.store];
    for (const args of [
      ['init', '--store', `file://${rig.at('other')}`, '--folder', '', '--no-passphrase'],
      ['join', ...join, '--folder', ''],
      ['serve', '--root', ''],
    ])
      expect(await rig.on('bob', args)).toMatchObject(says(2, 'E_USAGE', 'is empty'));
    expect(await rig.on('alice', ['relink', '--folder', ''])).toMatchObject(says(2, 'E_USAGE', 'is empty'));
  });

  test('a store URL with a line break, a tab, or a space at its end', async () => {
    const rig = await DeviceRig.open();
    for (const end of ['a\nb', 'a\tb', 'ab ']) {
      const store = `file://${rig.at(end)}`;
      expect(await rig.on('alice', ['init', ...rig.link('alice', store), '--no-passphrase'])).toMatchObject(
        says(2, 'E_USAGE', 'store URL'),
      );
    }
    expect(fs.existsSync(rig.at('ab'))).toBe(false);
    expect(await rig.on('alice', ['init', ...rig.link('alice', 's3://'), '--no-passphrase'])).toMatchObject(says(2, 'E_USAGE', 'bucket'));
  });

  test('a restored file does not land below the folder where an absolute path was given', async () => {
    const rig = await DeviceRig.withDevices('alice');
    expect(await rig.on('alice', ['restore', 'a.txt', '--to', '/tmp/zz'])).toMatchObject(says(2, 'E_USAGE', '/tmp/zz'));
    expect(rig.files('alice')).toEqual(['a.txt']);
  });

  test('./ before a path', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const paths = async (args: readonly string[]): Promise<string[]> =>
      (await rig.json<{ path: string }[]>('alice', args)).map(({ path: at }) => at);
    expect(await paths(['ls', './a.txt'])).toEqual(['a.txt']);
    expect(await paths(['history', './a.txt'])).toEqual(['a.txt']);
  });

  test.runIf(process.platform === 'linux')('names that are no text, as listings show them', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const raw = Buffer.concat([Buffer.from(rig.at('alice', 'bad')), Buffer.from([0xff])]);
    fs.mkdirSync(raw);
    fs.writeFileSync(Buffer.concat([raw, Buffer.from('/two\nlines')]), 'x');
    await rig.sync('alice');
    const shown = (await rig.must('alice', ['ls'])).stdout.split('\n').flatMap((line) => /bad\S+$/.exec(line) ?? []);
    expect(shown).toEqual([String.raw`bad\xff/`, String.raw`bad\xff/two\u{a}lines`]);
    const name = `${nameFromBytes(Uint8Array.of(0x62, 0x61, 0x64, 0xff))}/two\nlines`;
    for (const command of ['ls', 'history'])
      expect(await rig.json('alice', [command, shown[1] ?? ''])).toEqual([expect.objectContaining({ path: name })]);
    fs.rmSync(Buffer.concat([raw, Buffer.from('/two\nlines')]));
    await rig.sync('alice');
    await rig.must('alice', ['restore', shown[1] ?? '']);
    expect(fs.readdirSync(raw)).toEqual(['two\nlines']);
    await rig.must('alice', ['selective', 'exclude', shown[0] ?? '']);
    await rig.sync('alice');
    expect(fs.existsSync(raw)).toBe(false);
  });
});

describe('what is said', () => {
  test('which command is missing or not known', async () => {
    const rig = await DeviceRig.open();
    expect(await rig.on('alice', ['bogus'])).toMatchObject(says(2, 'E_USAGE', "no command 'cachette bogus'"));
    for (const command of ['config', 'vault'])
      expect(await rig.on('alice', [command])).toMatchObject(says(2, 'E_USAGE', 'a command is missing', `cachette ${command} --help`));
    expect(await rig.on('alice', ['config', 'bogus'])).toMatchObject(says(2, 'E_USAGE', "no command 'cachette config bogus'"));
  });

  test('a port that another program has is no wrong usage', async () => {
    const rig = await DeviceRig.open();
    const { url } = await serve(rig.at('first'));
    const { host } = new URL(url);
    expect(await rig.on('alice', ['serve', '--root', rig.at('second'), '--listen', host])).toMatchObject(says(1, 'E_BUSY', 'listens'));
  });

  test('a code that can be none, before anybody is looked for', async () => {
    const rig = await DeviceRig.withDevices('alice');
    expect(await rig.on('alice', ['devices', 'approve', '123'])).toMatchObject(says(6, 'E_CODE'));
  });

  test('a listing as JSON is one line', async () => {
    const rig = await DeviceRig.withDevices('alice');
    rig.write('alice', 'b.txt', 'b');
    await rig.sync('alice');
    for (const args of [['ls'], ['history', 'a.txt'], ['ls', 'a.txt']])
      expect((await rig.must('alice', [...args, '--json'])).stdout).toMatch(/^\[\{[^\n]+\}\]\n$/);
    expect((await rig.must('alice', ['history', 'nothing', '--json'])).stdout).toBe('[]\n');
  });

  test('each thing once', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    await rig.must('alice', ['pause']);
    expect((await rig.must('alice', ['status'])).stdout).toMatch(/^paused: `cachette resume` goes on\n/);
    await rig.must('alice', ['resume']);
    await rig.must('alice', ['devices', 'revoke', 'bob']);
    const { stderr } = await rig.on('bob', ['sync']);
    expect(stderr.match(/removed from the vault/g)).toHaveLength(1);
  });
});
