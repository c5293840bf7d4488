/** A51: updates from a feed on this computer, with electron-updater itself, of an AppImage that is a script. */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ToldUpdates } from '../../../src/control/acts/shell-acts.ts';
import { StateFile } from '../../../src/desktop/main/state-file.ts';
import { makePackageUpdater } from '../../../src/desktop/main/updates/package-updater.ts';
import { seenFeedShape, UpdateKeeper, type UpdateParts } from '../../../src/desktop/main/updates/update-keeper.ts';
import { readUpdateTrust } from '../../../src/desktop/main/updates/update-trust.ts';
import { temporaryFolder } from '../../store/temporary-folder.ts';
import { dayMs, LocalFeed, maintainer, nowMs } from './feed-kit.ts';

const ours = maintainer();
const script = (said: string): Uint8Array => Buffer.from(`#!/bin/sh\necho ${said} > "$(dirname "$0")/said"\n`);
const package2 = { 'Cachette-0.2.0.AppImage': script('two') };

class Computer {
  readonly dir: string;
  readonly feed: LocalFeed;
  readonly keeper: UpdateKeeper;
  readonly told: ToldUpdates[] = [];
  isWanted = true;
  isWriting = false;
  restarts = 0;

  private constructor(dir: string, feed: LocalFeed, changes: Partial<UpdateParts>) {
    this.dir = dir;
    this.feed = feed;
    this.keeper = new UpdateKeeper({
      trust: { feed: feed.address, keys: [ours.publicKey] },
      way: { is: 'by-itself', ending: 'AppImage' },
      version: '0.1.0',
      platform: 'linux',
      arch: 'x64',
      fetch,
      seen: new StateFile(path.join(dir, 'feed.json'), seenFeedShape),
      isWanted: () => this.isWanted,
      isWriting: () => this.isWriting,
      makeUpdater: ({ ending }) =>
        makePackageUpdater({ ending, version: '0.1.0', dir, configFile: path.join(dir, 'app-update.yml'), fetch, quit: () => {} }),
      onChange: () => this.told.push(this.keeper.told),
      restart: (install) => {
        this.restarts += 1;
        install();
      },
      nowMs: () => nowMs,
      ...changes,
    });
  }

  static async start(changes: Partial<UpdateParts> = {}): Promise<Computer> {
    const dir = await temporaryFolder();
    fs.writeFileSync(path.join(dir, 'Cachette.AppImage'), script('one'), { mode: 0o755 });
    process.env['APPIMAGE'] = path.join(dir, 'Cachette.AppImage');
    return new Computer(dir, await LocalFeed.open(), changes);
  }

  /** The program as it lies there. */
  get program(): Uint8Array {
    return fs.readFileSync(path.join(this.dir, 'Cachette.AppImage'));
  }

  /** Until the new program was started by what put it there. */
  async runsNew(): Promise<void> {
    await expect
      .poll(() => fs.readdirSync(this.dir).includes('said') && fs.readFileSync(path.join(this.dir, 'said'), 'utf8'))
      .toBe('two\n');
  }

  async look(): Promise<ToldUpdates> {
    await this.keeper.look();
    return this.keeper.told;
  }
}

afterEach(() => {
  delete process.env['APPIMAGE'];
});

describe('an update', () => {
  test('is fetched, checked, and put in the place of the program when somebody says so', async () => {
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    expect(await computer.look()).toEqual({ is: 'ready', version: '0.2.0' });
    expect(computer.told.map(({ is }) => is)).toEqual(['looking', 'downloading', 'downloading', 'ready']);
    expect(computer.restarts).toBe(0);
    expect(computer.program).toEqual(Buffer.from(script('one')));

    computer.keeper.install({ now: false });
    expect(computer.restarts).toBe(1);
    expect(computer.program).toEqual(Buffer.from(script('two')));
    await computer.runsNew();
    expect(fs.readdirSync(computer.dir).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('tells nobody which computer asks, and asks for nothing but the three files', async () => {
    const headers: string[] = [];
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    computer.feed.files.set('Cachette-0.2.0.AppImage', (response) => {
      headers.push(...Object.keys(response.req.headers));
      response.end(package2['Cachette-0.2.0.AppImage']);
    });
    // To its end: what is still written to the folder while that is taken away failed the test.
    await computer.look();
    expect(headers).toContain('host');
    expect(
      headers.filter((name) => !/^(?:host|connection|accept|accept-language|accept-encoding|sec-fetch-mode|user-agent)$/.test(name)),
    ).toEqual([]);
    expect(computer.feed.asked).toEqual(['latest-linux.yml', 'latest-linux.yml.sig', 'Cachette-0.2.0.AppImage']);
    expect(fs.readdirSync(computer.dir).includes('.updaterId')).toBe(false);
  });

  test('waits while a sync writes, unless somebody does not want to', async () => {
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    await computer.look();
    computer.isWriting = true;
    computer.keeper.install({ now: false });
    computer.keeper.heedSync();
    expect([computer.keeper.told, computer.restarts]).toEqual([{ is: 'waiting', version: '0.2.0' }, 0]);
    computer.isWriting = false;
    computer.keeper.heedSync();
    expect(computer.restarts).toBe(1);
    await computer.runsNew();

    const hasty = await Computer.start();
    hasty.feed.publish('0.2.0', package2, [ours]);
    await hasty.look();
    hasty.isWriting = true;
    hasty.keeper.install({ now: true });
    expect(hasty.restarts).toBe(1);
    await hasty.runsNew();
  });

  test('is never installed by itself, whatever a sync does', async () => {
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    await computer.look();
    computer.keeper.heedSync();
    computer.keeper.close();
    expect([computer.restarts, computer.keeper.told]).toEqual([0, { is: 'ready', version: '0.2.0' }]);
  });

  test('of a package that only an administrator can install is told of, and not fetched', async () => {
    const computer = await Computer.start({ way: { is: 'by-hand' } });
    computer.feed.publish('0.2.0', package2, [ours]);
    expect(await computer.look()).toMatchObject({ is: 'newer', version: '0.2.0' });
    computer.keeper.install({ now: true });
    expect([computer.restarts, computer.feed.asked]).toEqual([0, ['latest-linux.yml', 'latest-linux.yml.sig']]);
  });
});

describe('a feed that is not what it should be', () => {
  const failed = (why: string): object => ({ is: 'failed', why, at: new Date(nowMs).toISOString() });

  test.each([
    ['signed by somebody else', 'untrusted', (feed: LocalFeed) => feed.publish('0.2.0', package2, [maintainer()])],
    [
      'changed after it was signed',
      'untrusted',
      (feed: LocalFeed) =>
        feed.files.set('latest-linux.yml', Buffer.concat([feed.files.get('latest-linux.yml') as Uint8Array, Buffer.from('#')])),
    ],
    ['without a signature', 'unreachable', (feed: LocalFeed) => feed.files.delete('latest-linux.yml.sig')],
    ['over', 'expired', (feed: LocalFeed) => feed.publish('0.2.0', package2, [ours], { expiresMs: nowMs - 1 })],
    ['without a package for this computer', 'senseless', (feed: LocalFeed) => feed.publish('0.2.0', { 'a.deb': script('x') }, [ours])],
    ['not there', 'unreachable', (feed: LocalFeed) => feed.files.clear()],
    ['endless', 'unreachable', (feed: LocalFeed) => feed.files.set('latest-linux.yml', (response) => flood(response))],
    [
      'sent elsewhere',
      'unreachable',
      (feed: LocalFeed) =>
        feed.files.set('latest-linux.yml', (response) =>
          response.writeHead(302, { location: `${feed.address}latest-linux.yml.sig` }).end(),
        ),
    ],
  ] as const)('%s: %s', async (_what, why, spoil) => {
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    spoil(computer.feed);
    expect(await computer.look()).toEqual(failed(why));
    computer.keeper.install({ now: true });
    expect([computer.restarts, computer.program]).toEqual([0, Buffer.from(script('one'))]);
    // With the right one back, all goes on.
    computer.feed.publish('0.2.0', package2, [ours]);
    expect(await computer.look()).toEqual({ is: 'ready', version: '0.2.0' });
  });

  test.each([
    ['another file', (feed: LocalFeed) => feed.files.set('Cachette-0.2.0.AppImage', script('six'))],
    ['a longer file', (feed: LocalFeed) => feed.files.set('Cachette-0.2.0.AppImage', Buffer.concat([script('two'), script('two')]))],
    ['a shorter file', (feed: LocalFeed) => feed.files.set('Cachette-0.2.0.AppImage', script('two').subarray(1))],
    ['an endless file', (feed: LocalFeed) => feed.files.set('Cachette-0.2.0.AppImage', (response) => flood(response))],
    [
      'a file elsewhere',
      (feed: LocalFeed) => {
        feed.files.set('elsewhere', script('two'));
        feed.files.set('Cachette-0.2.0.AppImage', (response) => response.writeHead(302, { location: `${feed.address}elsewhere` }).end());
      },
    ],
  ] as const)('has %s in the place of the one that was signed: nothing of it stays', async (_what, spoil) => {
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    spoil(computer.feed);
    expect(await computer.look()).toEqual(failed('not-fetched'));
    computer.keeper.install({ now: true });
    expect([computer.restarts, computer.program]).toEqual([0, Buffer.from(script('one'))]);
    expect(fs.readdirSync(computer.dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('0.2.0'))).toEqual([]);
    expect(computer.feed.asked).not.toContain('elsewhere');
    computer.feed.publish('0.2.0', package2, [ours]);
    expect(await computer.look()).toEqual({ is: 'ready', version: '0.2.0' });
  });

  test('is the one of last week again: it is refused, by the next program, too', async () => {
    const computer = await Computer.start();
    computer.feed.publish('0.1.0', { 'a.AppImage': script('one') }, [ours]);
    expect(await computer.look()).toMatchObject({ is: 'current' });
    computer.feed.publish('0.2.0', package2, [ours], { signedMs: nowMs - 7 * dayMs });
    expect(await computer.look()).toEqual(failed('replayed'));
    const again = await Computer.start({ seen: new StateFile(path.join(computer.dir, 'feed.json'), seenFeedShape) });
    again.feed.publish('0.2.0', package2, [ours], { signedMs: nowMs - 7 * dayMs });
    expect(await again.look()).toEqual(failed('replayed'));
  });

  test('does not take back what was fetched before', async () => {
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    await computer.look();
    computer.feed.files.clear();
    expect(await computer.look()).toEqual({ is: 'ready', version: '0.2.0' });
    computer.feed.publish('0.3.0', package2, [maintainer()]);
    expect(await computer.look()).toEqual({ is: 'ready', version: '0.2.0' });
  });
});

/** Bytes until the other side has enough. */
function flood(response: { write(piece: string): boolean; destroyed: boolean }): void {
  const more = (): void => {
    if (response.destroyed) return;
    response.write('x'.repeat(65_536));
    setImmediate(more);
  };
  more();
}

describe('where updates are off', () => {
  test.each([
    ['no-key', { trust: undefined }],
    ['no-package', { way: { is: 'none' } }],
    ['not-wanted', { isWanted: () => false }],
  ] as const)('%s: nobody is asked for anything', async (why, changes) => {
    const computer = await Computer.start(changes);
    computer.feed.publish('0.2.0', package2, [ours]);
    expect(await computer.look()).toEqual({ is: 'off', why });
    expect(computer.feed.asked).toEqual([]);
  });

  test('by then, what is being fetched is given up', async () => {
    const computer = await Computer.start();
    computer.feed.publish('0.2.0', package2, [ours]);
    const asked = Promise.withResolvers<void>();
    computer.feed.files.set('Cachette-0.2.0.AppImage', (response) => {
      response.write('x');
      asked.resolve();
    });
    const looking = computer.look();
    await asked.promise;
    computer.isWanted = false;
    computer.keeper.heedPreferences();
    expect(await looking).toEqual({ is: 'off', why: 'not-wanted' });
    computer.isWanted = true;
    expect(computer.keeper.told).toEqual({ is: 'not-looked' });
  });

  test('a build takes them from nobody without a whole key and a feed that is safe', async () => {
    const file = path.join(await temporaryFolder(), 'trust.json');
    const key = Buffer.from(ours.publicKey).toString('base64');
    const read = (content: unknown): unknown => {
      fs.writeFileSync(file, JSON.stringify(content));
      return readUpdateTrust(file)?.feed;
    };
    expect(read({ feed: 'https://example.com/cachette', keys: [key] })).toBe('https://example.com/cachette/');
    for (const odd of [
      { feed: null, keys: [key] },
      { feed: 'https://example.com', keys: [] },
      { feed: 'https://example.com', keys: [key.slice(4)] },
      { feed: 'http://example.com', keys: [key] },
      { feed: 'https://example.com/?a=b', keys: [key] },
      { feed: 'file:///srv', keys: [key] },
      { feed: 'https://example.com' },
      'nothing',
    ])
      expect(read(odd), JSON.stringify(odd)).toBeUndefined();
    expect(readUpdateTrust('src/desktop/update-trust.json')).toBeUndefined();
  });
});
