/**
 * The app where there is no room: of the synced folder, of the store, of Cachette's own files. A person reads what is the matter,
 * nothing is lost, and it goes on when there is room again. Takes small disks in memory, which only root can mount.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Computer } from './computer.ts';
import { runCli } from './run-cli.ts';
import { mib, SmallDisk, whatSmallDisksLack } from '../cli/small-disk.ts';
import { withoutDesktop } from './without-desktop.ts';

const minutes = 60_000;
const lacking = withoutDesktop() ? 'a screen' : whatSmallDisksLack();

describe.skipIf(lacking !== undefined)(`the app on a full disk${lacking === undefined ? '' : ` (lacking here: ${lacking})`}`, () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-full-disk-'));
  let disks: { readonly folder: SmallDisk; readonly store: SmallDisk; readonly profile: SmallDisk };
  let desk: Computer;

  /** Another device, at the command line. */
  const other = (...args: readonly string[]): Promise<void> => runCli(home, 'other-profile', ...args);
  const otherAt = (name: string): string => path.join(home, 'other', name);

  beforeAll(async () => {
    const [folder, store, profile] = ['Cachette', 'store', 'profile'].map((name) => new SmallDisk(path.join(home, name), 64));
    if (folder === undefined || store === undefined || profile === undefined) throw new Error('three disks');
    disks = { folder, store, profile };
    folder.grow(8);
    desk = await Computer.start({ home });
  }, 2 * minutes);
  afterAll(async () => {
    await desk?.close();
    for (const disk of Object.values(disks ?? {})) disk.unmount();
    fs.rmSync(home, { recursive: true, force: true });
  });

  test(
    'of the folder: what has no room is listed with its reason, the rest comes, and it comes too once there is room',
    async () => {
      const recoveryKey = await desk.makesVault(disks.store.dir);
      const link = ['--store', `file://${disks.store.dir}`, '--folder', otherAt(''), '--key-storage', 'file', '--name', 'other'];
      await other('join', ...link, '--recovery-key', recoveryKey);
      const large = randomBytes(12 * mib);
      fs.writeFileSync(otherAt('large.bin'), large);
      fs.writeFileSync(otherAt('small.txt'), 'fits');
      await other('sync');
      await desk.expectFile('small.txt', 'fits');
      await desk.expectToSay('1 problem');
      expect(fs.existsSync(desk.at('large.bin'))).toBe(false);
      await desk.launched.tray.click('1 problem…');
      const page = await desk.window('conflicts');
      await page.getByText('the disk is full').waitFor();
      disks.folder.grow(64);
      await page.getByRole('button', { name: 'Check again' }).click();
      await desk.expectToSay('Up to date');
      expect(fs.readFileSync(desk.at('large.bin')).equals(large)).toBe(true);
    },
    2 * minutes,
  );

  test(
    'of the store: that is said, and what waits is sent once there is room',
    async () => {
      disks.store.fill();
      fs.writeFileSync(desk.at('mine.txt'), 'written here');
      await desk.expectToSay('The storage is full');
      await (await desk.window('status')).getByText('Make room there').waitFor();
      disks.store.empty();
      await desk.expectToSay('Up to date');
      await other('sync');
      expect(fs.readFileSync(otherAt('mine.txt'), 'utf8')).toBe('written here');
    },
    2 * minutes,
  );

  test(
    "of Cachette's own files: that is said, and all goes on once there is room",
    async () => {
      disks.profile.fill();
      const texts = Array.from({ length: 300 }, (_, number) => `${number}`.padEnd(200, 'x'));
      for (const [number, text] of texts.entries()) fs.writeFileSync(desk.at(`many ${number}`), text);
      await desk.expectToSay('The disk is full or can’t be used');
      await (await desk.window('status')).getByText('Can’t sync now').waitFor();
      disks.profile.empty();
      await desk.expectToSay('Up to date');
      await other('sync');
      expect(texts.map((_, number) => fs.readFileSync(otherAt(`many ${number}`), 'utf8'))).toEqual(texts);
    },
    2 * minutes,
  );
});
