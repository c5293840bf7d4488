import { describe, expect, test } from 'vitest';
import { fileKind } from '../../renderer/preview/file-kind.ts';
import { linesOf, readText } from '../../renderer/preview/read-text.ts';
import { toShown } from '../../renderer/preview/shown-content.ts';
import { sniffPicture } from '../../renderer/preview/sniff-picture.ts';

const bytesOf = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)));

const png = (width: number, height: number): Uint8Array =>
  bytesOf(
    '\x89PNG\r\n\x1a\n',
    [0, 0, 0, 13],
    'IHDR',
    [width >>> 24, (width >>> 16) & 255, (width >>> 8) & 255, width & 255],
    [height >>> 24, (height >>> 16) & 255, (height >>> 8) & 255, height & 255],
  );

describe('pictures are known by their bytes', () => {
  const frame = [0, 17, 8, 1, 44, 2, 88, 3];
  test.each([
    ['png', png(640, 480), { type: 'image/png', width: 640, height: 480 }],
    ['gif', bytesOf('GIF89a', [0x80, 0x02, 0xe0, 0x01]), { type: 'image/gif', width: 640, height: 480 }],
    [
      'jpeg behind a comment',
      bytesOf([0xff, 0xd8, 0xff, 0xfe, 0, 4, 65, 66, 0xff, 0xff, 0xc2, ...frame]),
      { type: 'image/jpeg', width: 600, height: 300 },
    ],
    [
      'webp with an alpha channel',
      bytesOf('RIFF', [30, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0], [16, 0, 0, 0], [127, 2, 0], [223, 1, 0]),
      { type: 'image/webp', width: 640, height: 480 },
    ],
    [
      'webp without loss',
      bytesOf('RIFF', [30, 0, 0, 0], 'WEBPVP8L', [10, 0, 0, 0], [0x2f, 0x7f, 0xc2, 0x77, 0, 0, 0, 0, 0, 0]),
      { type: 'image/webp', width: 640, height: 480 },
    ],
    [
      'webp with loss',
      bytesOf('RIFF', [30, 0, 0, 0], 'WEBPVP8 ', [10, 0, 0, 0], [0, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1]),
      { type: 'image/webp', width: 640, height: 480 },
    ],
  ])('%s', (_kind, bytes, picture) => {
    expect(sniffPicture(bytes)).toEqual(picture);
  });

  test.each([
    ['svg', bytesOf('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['a page', bytesOf('<!doctype html><img src=x>')],
    ['pdf', bytesOf('%PDF-1.7')],
    ['nothing', bytesOf()],
    ['a cut png', png(1, 1).subarray(0, 20)],
    ['a jpeg without a frame', bytesOf([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2])],
    ['a jpeg whose segment is longer than it', bytesOf([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 1, 2, 3, 4])],
    [
      'another kind of RIFF',
      bytesOf(
        'RIFF',
        [30, 0, 0, 0],
        'AVI LIST',
        Array.from({ length: 20 }, () => 0),
      ),
    ],
  ])('%s is none', (_kind, bytes) => {
    expect(sniffPicture(bytes)).toBe(undefined);
  });

  test('one that says it has gigabytes of pixels is not decoded', () => {
    const base64 = Buffer.from(png(60_000, 60_000)).toString('base64');
    expect(toShown({ is: 'content', base64, size: 24 })).toEqual({ is: 'too-large', size: 24 });
  });
});

describe('texts', () => {
  test.each([
    ['UTF-8', [...Buffer.from('Grüße\n')], 'Grüße\n'],
    ['UTF-8 with a mark', [0xef, 0xbb, 0xbf, 0x61], 'a'],
    ['UTF-16, least byte first', [0xff, 0xfe, 0x61, 0, 0xe9, 0], 'aé'],
    ['UTF-16, most byte first', [0xfe, 0xff, 0, 0x61], 'a'],
    ['nothing at all', [], ''],
  ])('%s', (_kind, bytes, text) => {
    expect(readText(Uint8Array.from(bytes))).toBe(text);
  });

  test.each([
    ['bytes that are no UTF-8', [0x61, 0xff, 0x62]],
    ['a zero within', [0x61, 0, 0x62]],
    ['UTF-16 that does not say so', [0x61, 0, 0x62, 0]],
  ])('%s are none', (_kind, bytes) => {
    expect(readText(Uint8Array.from(bytes))).toBe(undefined);
  });

  test('lines end in any of the three ways', () => {
    expect(linesOf('a\r\nb\rc\nd\n')).toEqual(['a', 'b', 'c', 'd']);
    expect(linesOf('a\n\n')).toEqual(['a', '']);
    expect(linesOf('')).toEqual([]);
  });
});

test('what a file is, by its name', () => {
  const names = ['a.PDF', 'b.tar.gz', 'c', '.zip', 'd.', 'e.svg', 'toString', 'x.constructor'];
  expect(names.map((name) => fileKind(name))).toEqual(['pdf', 'archive', 'file', 'archive', 'file', 'picture', 'file', 'file']);
});

test('content that is neither text nor a picture is told by its size alone', () => {
  expect(toShown({ is: 'content', base64: 'AAEC', size: 3 })).toEqual({ is: 'other', size: 3 });
  expect(toShown({ is: 'content', base64: 'aGk=', size: 2 })).toEqual({ is: 'text', text: 'hi', size: 2 });
  expect(toShown({ is: 'gone' })).toEqual({ is: 'gone' });
});
