import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { quickPrimitives } from '../vault/keyring/keyring-world.ts';
import { otherCode } from '../vault/enrolment/other-code.ts';
import type { StartedCli } from '../attack/in-process-cli.ts';
import { DeviceRig, HastyClock } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));

function startJoin(rig: DeviceRig, device: string, clock = new HastyClock()): StartedCli {
  return rig.start(device, ['join', ...rig.link(device), '--code', '--json'], { clock });
}

async function codeOf(joining: StartedCli): Promise<string> {
  return (JSON.parse(await joining.firstLine) as { code: string }).code;
}

describe('join --code', () => {
  test('waits until another device approves, asks for nothing, and knows from whom it has its trust', async () => {
    const rig = await DeviceRig.withDevices('alice', 'bob');
    const joining = startJoin(rig, 'carol');
    const code = await codeOf(joining);
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    // Typed as people type.
    const typed = code.toLowerCase().replaceAll('-', ' ');
    expect(await rig.json('bob', ['devices', 'approve', typed], { clock: new HastyClock() })).toEqual({ name: 'carol' });
    expect(await joining.ended).toMatchObject({
      exitCode: 0,
      stderr: expect.not.stringContaining('trusts what the store shows') as string,
    });
    await rig.sync('carol');
    expect(rig.files('carol')).toEqual(['a.txt']);
    expect(rig.objects('enrol/')).toEqual([]);
    const told = await rig.must('alice', ['sync']);
    expect(told.stderr).toMatch(/^cachette: a device was added to the vault: "carol", by bob, /);
    expect(await rig.json('alice', ['devices'])).toMatchObject([{ name: 'alice' }, { name: 'bob' }, { name: 'carol', addedBy: 'bob' }]);
  });

  test('Ctrl-C, and ten minutes without an answer: nothing is left here or in the store', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const before = rig.objects();
    const interrupted = startJoin(rig, 'carol');
    const code = await codeOf(interrupted);
    interrupted.interrupt();
    expect((await interrupted.ended).exitCode).toBe(130);
    const expired = startJoin(rig, 'carol', new HastyClock(1_000));
    expect(await expired.ended).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/E_NOT_APPROVED: [^\n]+\n$/) as string });
    expect(rig.objects().filter((name) => name !== 'hint')).toEqual(before.filter((name) => name !== 'hint'));
    expect(fs.existsSync(rig.profile('carol'))).toBe(false);
    expect(fs.readdirSync(rig.at('carol'))).toEqual([]);
    const late = await rig.on('alice', ['devices', 'approve', code]);
    expect(late).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('E_NOT_FOUND') as string });
  });

  test('A30: a store that shows the new device less than the approving one has seen is refused', async () => {
    const rig = await DeviceRig.withDevices('alice');
    fs.cpSync(rig.at('store'), rig.at('older'), { recursive: true });
    rig.write('alice', 'news.txt', 'after the copy');
    await rig.sync('alice');
    const joining = rig.start('carol', ['join', ...rig.link('carol', `file://${rig.at('older')}`), '--code', '--json'], {
      clock: new HastyClock(),
    });
    const code = await codeOf(joining);
    // Enrolment and the list of devices come through; the journal does not.
    const stop = passOn(rig, ['enrol', 'keys']);
    await rig.must('alice', ['devices', 'approve', code], { clock: new HastyClock() });
    expect((await joining.ended).exitCode).toBe(0);
    stop();
    const synced = await rig.on('carol', ['sync']);
    expect(synced).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_ROLLBACK: [^\n]+\n$/) as string });
    expect(rig.files('carol')).toEqual([]);
  });

  test('excludes other ways in', async () => {
    const rig = await DeviceRig.withDevices('alice');
    const both = await rig.on('carol', ['join', ...rig.link('carol'), '--code', '--recovery-key', rig.recoveryKey]);
    expect(both.exitCode).toBe(2);
  });
});

describe('devices approve', () => {
  test('three codes that do not match within an hour, and no more are taken', async () => {
    const rig = await DeviceRig.withDevices('alice');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const joining = startJoin(rig, 'carol');
      const refused = await rig.on('alice', ['devices', 'approve', otherCode(quickPrimitives, await codeOf(joining))], {
        clock: new HastyClock(),
      });
      expect(refused).toMatchObject({ exitCode: 6, stderr: expect.stringMatching(/E_CODE: [^\n]+\n$/) as string });
      expect((await joining.ended).exitCode).toBe(1);
    }
    const joining = startJoin(rig, 'carol');
    const locked = await rig.on('alice', ['devices', 'approve', await codeOf(joining)], { clock: new HastyClock() });
    expect(locked).toMatchObject({ exitCode: 6, stderr: expect.stringMatching(/E_LOCKED: 3 codes did not match [^\n]+\n$/) as string });
    joining.interrupt();
    await joining.ended;
    expect(await rig.json('alice', ['devices'])).toHaveLength(1);
    expect(fs.readFileSync(rig.at('profile-alice', 'log', 'cachette.log'), 'utf8')).toContain('a code did not match');
  });

  test('a typing error costs nothing', async () => {
    const rig = await DeviceRig.withDevices('alice');
    for (const typed of ['ABC', 'AAAA-BBBB-CCCC', 'UUUU-UUUU-UUUU', '']) {
      const refused = await rig.on('alice', ['devices', 'approve', typed]);
      expect(refused).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('the code still holds') as string });
    }
  });
});

/** A store that shows two devices different things, but passes these folders on between both. */
function passOn(rig: DeviceRig, folders: readonly string[]): () => void {
  const copy = (from: string, to: string): void => {
    for (const folder of folders) {
      try {
        fs.cpSync(rig.at(from, folder), rig.at(to, folder), { recursive: true, force: false });
      } catch (error) {
        // Not there yet, or taken away while it was read: the next time.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      }
    }
  };
  const timer = setInterval(() => {
    copy('older', 'store');
    copy('store', 'older');
  }, 5);
  return () => {
    clearInterval(timer);
  };
}
