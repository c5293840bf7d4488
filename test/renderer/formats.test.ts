import { describe, expect, test } from 'vitest';
import { inUnit, makeFormats } from '../../renderer/parts/formats.ts';
import { makeTexts } from '../../renderer/parts/texts.ts';

const english = makeFormats('en-GB', makeTexts('en', 'en-GB'));
const french = makeFormats('fr-FR', makeTexts('fr', 'fr-FR'));
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('sizes', () => {
  test.each([
    [0, '0 bytes', '0 octet'],
    [999, '999 bytes', '999 octets'],
    [1234, '1.2 kB', '1,2 ko'],
    [999_960, '1 MB', '1 Mo'],
    [2_100_000_000, '2.1 GB', '2,1 Go'],
    [481_000_000_000, '481 GB', '481 Go'],
    [3e15, '3 PB', '3 Po'],
  ])('%d', (bytes, inEnglish, inFrench) => {
    expect([plain(english.bytes(bytes)), plain(french.bytes(bytes))]).toEqual([inEnglish, inFrench]);
  });

  test('a speed', () => {
    expect([plain(english.speed(6_400_000)), plain(french.speed(6_400_000))]).toEqual(['6.4 MB/s', '6,4 Mo/s']);
  });

  test('never four digits before the point', () => {
    for (let bytes = 1; bytes < 1e17; bytes = Math.ceil(bytes * 1.37)) expect(Math.round(inUnit(bytes).value)).toBeLessThan(1000);
  });
});

describe('times', () => {
  const nowMs = Date.parse('2026-11-22T12:00:00Z');
  test.each([
    ['2026-11-22T11:59:50Z', 'just now', 'à l’instant'],
    ['2026-11-22T12:05:00Z', 'just now', 'à l’instant'],
    ['2026-11-22T11:58:00Z', '2 minutes ago', 'il y a 2 minutes'],
    ['2026-11-22T09:00:00Z', '3 hours ago', 'il y a 3 heures'],
    ['2026-11-22T11:00:20Z', '1 hour ago', 'il y a 1 heure'],
    ['2026-11-21T12:20:00Z', 'yesterday', 'hier'],
    ['2026-11-21T11:00:00Z', 'yesterday', 'hier'],
    ['2026-11-03T09:00:00Z', '3 Nov', '3 nov.'],
    ['2025-03-02T09:00:00Z', '2 Mar 2025', '2 mars 2025'],
    ['no time', '', ''],
  ])('%s', (time, inEnglish, inFrench) => {
    expect([english.ago(time, nowMs), french.ago(time, nowMs)]).toEqual([inEnglish, inFrench]);
  });

  test('what is left is said roughly', () => {
    expect([20, 61, 3000, 7200, 400_000].map((seconds) => english.timeLeft(seconds))).toEqual([
      'less than a minute left',
      'about 1 minute left',
      'about 50 minutes left',
      'about 2 hours left',
      'about 5 days left',
    ]);
  });
});

test('what is put into a text can not turn it around, and is no text of its own', () => {
  const { t } = makeTexts('en', 'en');
  expect(t('status.did.added', { device: '\u202e{evil} <b>' })).toBe('added by [U+202E]{evil} <b>');
  expect(t('status.items-left', { items: 12_345 })).toBe('12,345 items to go');
  expect(makeTexts('fr', 'fr').t('status.items-left', { items: 1 })).toBe('Encore 1 élément');
});
