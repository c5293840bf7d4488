/** A51: what a feed of updates may say, and what of it is believed. */
import { describe, expect, test } from 'vitest';
import { isSignedBy, parseFeedSignature } from '../../../src/desktop/main/updates/feed-signature.ts';
import { judgeFeed, type FeedQuestion, type FeedWord } from '../../../src/desktop/main/updates/judge-feed.ts';
import { fileFor, isNewer, parseRelease } from '../../../src/desktop/main/updates/release.ts';
import { metadataName, updateWay } from '../../../src/desktop/main/updates/update-way.ts';
import { dayMs, maintainer, metadataOf, nowMs, signatureOf } from './feed-kit.ts';

const [ours, next, theirs] = [maintainer(), maintainer(), maintainer()];
const file = Buffer.from('a package');
const metadata = metadataOf('0.2.0', { 'Cachette-0.2.0.AppImage': file });

function judge(changes: Partial<FeedQuestion> = {}): FeedWord {
  const usual = {
    file: 'latest-linux.yml',
    metadata,
    signature: signatureOf(metadata, [ours]),
    keys: [ours.publicKey],
    version: '0.1.0',
    seenMs: undefined,
    nowMs,
  };
  return judgeFeed({ ...usual, ...changes });
}

const refused = (why: string): object => ({ is: 'refused', why });

describe('a feed', () => {
  test('that is signed tells of a newer version, or that there is none', () => {
    expect(judge()).toMatchObject({ is: 'newer', release: { version: '0.2.0' }, signedMs: nowMs });
    expect(judge({ version: '0.2.0' })).toEqual({ is: 'current', signedMs: nowMs });
  });

  test('with an older version than the one that runs has nothing to install, properly signed or not', () => {
    expect(judge({ version: '0.3.0' })).toEqual({ is: 'current', signedMs: nowMs });
    expect(judge({ version: '0.10.0' })).toEqual({ is: 'current', signedMs: nowMs });
  });

  test('that nobody of ours signed is refused', () => {
    expect(judge({ signature: signatureOf(metadata, [theirs]) })).toEqual(refused('untrusted'));
    expect(judge({ signature: new Uint8Array() })).toEqual(refused('untrusted'));
    expect(judge({ keys: [] })).toEqual(refused('untrusted'));
  });

  test('is believed by either key while one takes the place of the other', () => {
    const both = signatureOf(metadata, [ours, next]);
    for (const keys of [[ours.publicKey], [next.publicKey], [theirs.publicKey, next.publicKey]])
      expect(judge({ signature: both, keys })).toMatchObject({ is: 'newer' });
  });

  test('is refused with any byte of the metadata or of its signature changed', () => {
    const signature = signatureOf(metadata, [ours]);
    for (let at = 0; at < metadata.byteLength; at += 7) expect(judge({ metadata: flipped(metadata, at) })).toEqual(refused('untrusted'));
    for (let at = 0; at < signature.byteLength; at += 1) expect(judge({ signature: flipped(signature, at) })).toEqual(refused('untrusted'));
  });

  test("of another system is refused: a signature is for one system's file", () => {
    expect(judge({ file: 'latest.yml' })).toEqual(refused('untrusted'));
    const mac = signatureOf(metadata, [ours], { file: 'latest-mac.yml' });
    expect(judge({ signature: mac })).toEqual(refused('untrusted'));
  });

  test('that is older than one that was seen is refused; the same one again is not', () => {
    expect(judge({ seenMs: nowMs + 1 })).toEqual(refused('replayed'));
    expect(judge({ seenMs: nowMs })).toMatchObject({ is: 'newer' });
  });

  test('holds until its time is over', () => {
    expect(judge({ nowMs: nowMs + 30 * dayMs - 1 })).toMatchObject({ is: 'newer' });
    expect(judge({ nowMs: nowMs + 30 * dayMs })).toEqual(refused('expired'));
  });

  test.each([
    ['a version that is none', metadataOf('0.2', { 'a.AppImage': file })],
    ['a version of another kind', metadataOf('0.2.0-beta', { 'a.AppImage': file })],
    ['a package elsewhere', metadataOf('0.2.0', { 'https://example.com/a.AppImage': file })],
    ['a package above the feed', metadataOf('0.2.0', { '../a.AppImage': file })],
    ['no package', Buffer.from('version: 0.2.0\nfiles: []\n')],
    ['no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['very much text', Buffer.alloc(70_000, 0x20)],
    ['a package without a hash', Buffer.from('version: 0.2.0\nfiles:\n  - url: a.AppImage\n    size: 3\n')],
    ['a package without a size', Buffer.from(`version: 0.2.0\nfiles:\n  - url: a.AppImage\n    sha512: ${'A'.repeat(86)}==\n`)],
  ])('that is signed and has %s is refused', (_what, odd) => {
    expect(judge({ metadata: odd, signature: signatureOf(odd, [ours]) })).toEqual(refused('senseless'));
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

describe('a signature', () => {
  const text = Buffer.from(signatureOf(metadata, [ours])).toString();

  test('has one form only', () => {
    const read = parseFeedSignature(Buffer.from(text));
    expect(read).toMatchObject({ file: 'latest-linux.yml', signedMs: nowMs, expiresMs: nowMs + 30 * dayMs });
    expect(read === undefined ? false : isSignedBy(read, [ours.publicKey])).toBe(true);
    for (const odd of [
      `${text}\n`,
      ` ${text}`,
      text.replaceAll('\n', '\r\n'),
      text.replace('feed 1', 'feed 2'),
      text.replace('file: ', 'file: ../'),
      text.replace(/expires: .*\n/, ''),
      text.replace('2026-11-22', '2026-99-99'),
      text.slice(0, -1),
      text.replace(/signature: .*\n/, ''),
      text + text.slice(text.indexOf('signature: ')).repeat(4),
    ]) {
      expect(parseFeedSignature(Buffer.from(odd)), JSON.stringify(odd)).toBeUndefined();
    }
  });
});

describe('versions', () => {
  test.each([
    ['0.1.1', '0.1.0', true],
    ['0.10.0', '0.9.9', true],
    ['1.0.0', '0.99.99', true],
    ['0.1.0', '0.1.0', false],
    ['0.9.9', '0.10.0', false],
    ['0.99.0', '1.0.0', false],
  ])('%s is later than %s: %s', (version, than, later) => {
    expect(isNewer(version, than)).toBe(later);
  });
});

describe('a computer', () => {
  test('takes the package of its own kind', () => {
    const names = ['Cachette-0.2.0-arm64.AppImage', 'Cachette-0.2.0.AppImage', 'cachette_0.2.0_amd64.deb', 'Cachette-Setup-0.2.0.exe'];
    const release = parseRelease(metadataOf('0.2.0', Object.fromEntries(names.map((name) => [name, file]))));
    const take = (ending: string, arch: string): string | undefined => (release === undefined ? '' : fileFor(release, ending, arch)?.url);
    expect(take('AppImage', 'x64')).toBe('Cachette-0.2.0.AppImage');
    expect(take('AppImage', 'arm64')).toBe('Cachette-0.2.0-arm64.AppImage');
    expect(take('exe', 'x64')).toBe('Cachette-Setup-0.2.0.exe');
    expect(take('exe', 'arm64')).toBeUndefined();
    expect(take('zip', 'x64')).toBeUndefined();
    expect([
      metadataName('linux', 'x64'),
      metadataName('linux', 'arm64'),
      metadataName('win32', 'x64'),
      metadataName('darwin', 'arm64'),
    ]).toEqual(['latest-linux.yml', 'latest-linux-arm64.yml', 'latest.yml', 'latest-mac.yml']);
  });

  test.each([
    [
      { platform: 'linux', appImage: '/home/ana/Cachette.AppImage' },
      { is: 'by-itself', ending: 'AppImage' },
    ],
    [{ platform: 'linux', packageType: 'deb' }, { is: 'by-hand' }],
    [{ platform: 'linux' }, { is: 'none' }],
    [{ platform: 'linux', packageType: 'deb', isPackaged: false }, { is: 'none' }],
    [{ platform: 'win32' }, { is: 'by-itself', ending: 'exe' }],
    [{ platform: 'darwin' }, { is: 'by-itself', ending: 'zip' }],
    [{ platform: 'win32', isPackaged: false }, { is: 'none' }],
  ] as const)('%j: %j', (installed, way) => {
    expect(updateWay({ isPackaged: true, appImage: undefined, packageType: undefined, ...installed })).toEqual(way);
  });
});
