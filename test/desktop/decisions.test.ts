import { describe, expect, test } from 'vitest';
import { agentEnv } from '../../src/desktop/main/agent-env.ts';
import { appReport } from '../../src/desktop/main/app-report.ts';
import { fileOf, isOurPage } from '../../src/desktop/main/app-files.ts';
import { autostartEntry } from '../../src/desktop/main/autostart-entry.ts';
import { findDeepLink, readDeepLink } from '../../src/desktop/main/deep-link.ts';
import { noticesOf, restrain } from '../../src/desktop/main/notice-of.ts';
import { PickBook } from '../../src/desktop/main/pick-book.ts';
import { quietReason, quietStep } from '../../src/desktop/main/quiet-reason.ts';
import { planRestart } from '../../src/desktop/main/restart-plan.ts';
import { isSafeToOpen } from '../../src/desktop/main/safe-to-open.ts';
import { menuName, noticeName } from '../../src/desktop/main/shown-name.ts';
import { stateDirFor } from '../../src/desktop/main/state-dir.ts';
import { isSeen, placeAfter, sizeFor } from '../../src/desktop/main/window-place.ts';
import en from '../../src/desktop/main/messages/en.json' with { type: 'json' };
import fr from '../../src/desktop/main/messages/fr.json' with { type: 'json' };
import { knownLocale, sayIn } from '../../src/desktop/main/messages.ts';
import { textSizeAfter } from '../../renderer/parts/text-size-step.ts';
import { somePreferences as usual } from './some-preferences.ts';
import { syncedOverview as overview } from './synced-overview.ts';

describe('links of our own', () => {
  test('open a window, and a page of the settings', () => {
    expect(readDeepLink('cachette://conflicts')).toEqual({ window: 'conflicts' });
    expect(readDeepLink('cachette://settings/devices')).toEqual({ window: 'settings', page: 'devices' });
    expect(findDeepLink(['/usr/bin/cachette', 'cachette://status/'])).toEqual({ window: 'status' });
  });

  test.each([
    'cachette://enrol?code=ABCD',
    'cachette://set-up',
    'cachette://settings/devices?remove=1',
    'cachette://settings/devices#x',
    'cachette://../settings',
    'cachette://settings/nothing',
    'cachette://conflicts/devices',
    'cachette:settings',
    'https://settings',
    'cachette://constructor',
  ])('%s does nothing', (link) => {
    expect(readDeepLink(link)).toBeUndefined();
  });
});

describe('an agent that ends by itself', () => {
  test('is started again, more slowly each time, and given up in the end', () => {
    const ends: number[] = [];
    const plans = Array.from({ length: 6 }, (_, at) => {
      ends.push(1_000_000 + at * 1000);
      return planRestart(ends, '');
    });
    expect(plans.map((plan) => (plan.do === 'wait' ? plan.ms : 'given up'))).toEqual([500, 1000, 2000, 4000, 8000, 'given up']);
  });

  test('is started as soon as another Cachette has done with the profile, however long that takes', () => {
    const said = 'cachette: E_BUSY: another Cachette is at work on this profile. Wait for the other run to end.';
    expect(planRestart([], said)).toEqual({ do: 'wait', ms: 2000 });
    expect(planRestart([0, 1, 2, 3, 4, 5], said)).toEqual({ do: 'wait', ms: 2000 });
  });

  test('after a long good time it is as if it had never ended', () => {
    expect(planRestart([0, 1000, 2000, 3000, 4000, 3_600_000], '')).toEqual({ do: 'wait', ms: 500 });
  });
});

describe('resting by itself', () => {
  const calm = { hour: 12, isMetered: undefined, batteryPercent: undefined, isOnMains: undefined };

  test.each([
    ['nothing speaks for it', usual, calm, undefined],
    ['a network that costs', usual, { ...calm, isMetered: true }, 'metered'],
    ['nobody asked for it', { ...usual, pausesOnMetered: false }, { ...calm, isMetered: true }, undefined],
    ['a battery that ends', usual, { ...calm, batteryPercent: 20, isOnMains: false }, 'battery'],
    ['a battery that is being loaded', usual, { ...calm, batteryPercent: 5, isOnMains: true }, undefined],
    ['outside its hours', { ...usual, schedule: { fromHour: 8, toHour: 18 } }, { ...calm, hour: 18 }, 'schedule'],
    ['within hours that pass midnight', { ...usual, schedule: { fromHour: 22, toHour: 6 } }, { ...calm, hour: 3 }, undefined],
    ['outside hours that pass midnight', { ...usual, schedule: { fromHour: 22, toHour: 6 } }, { ...calm, hour: 6 }, 'schedule'],
  ] as const)('%s', (_name, preferences, surroundings, reason) => {
    expect(quietReason(preferences, surroundings)).toBe(reason);
  });

  test("never ends a person's own pause", () => {
    expect(quietStep('metered', { isPaused: true, hasPaused: false })).toBeUndefined();
    expect(quietStep(undefined, { isPaused: true, hasPaused: false })).toBeUndefined();
    expect(quietStep('metered', { isPaused: false, hasPaused: false })).toBe('pause');
    expect(quietStep(undefined, { isPaused: true, hasPaused: true })).toBe('resume');
  });
});

describe('notifications', () => {
  test('tell of the first sync, of new conflicts and of new devices, and of nothing that was there at the start', () => {
    const [before, after] = [
      { overview, devices: ['desk'] },
      { overview: { ...overview, lastSync: '2026-01-01T00:00:00Z', conflicts: 2 }, devices: ['desk', 'phone'] },
    ];
    expect(noticesOf(before, after).map(({ kind }) => kind)).toEqual(['conflicts', 'first-sync', 'device']);
    expect(noticesOf({ overview: undefined, devices: undefined }, after)).toEqual([]);
    expect(noticesOf(after, before)).toEqual([]);
  });

  test('one of a kind in ten minutes; a new device always, and what waits for a word, which is another one each time', () => {
    const notices = noticesOf({ overview, devices: [] }, { overview: { ...overview, problems: 1 }, devices: ['phone'] });
    const shown = new Map([
      ['problems', 100_000],
      ['device', 100_000],
    ] as const);
    expect(restrain(notices, shown, 200_000).map(({ kind }) => kind)).toEqual(['device']);
    expect(restrain(notices, shown, 800_000).map(({ kind }) => kind)).toEqual(['problems', 'device']);
    const held = noticesOf({ overview, devices: [] }, { overview: { ...overview, state: 'held', held: 600 }, devices: [] });
    expect(restrain(held, new Map([['held', 100_000]]), 200_000).map(({ kind }) => kind)).toEqual(['held']);
  });
});

describe('names that anybody may have given', () => {
  test('are text for a notification, and no letter to press for a menu', () => {
    const devices = ['<a href="https://x/">A & B</a>'];
    const [notice] = noticesOf({ overview, devices: [] }, { overview, devices });
    expect(notice?.values).toEqual({ name: '‹a href="https://x/"›A ＆ B‹/a›' });
    expect(menuName('A & B')).toBe('A && B');
  });

  test('have one line, read from left to right, and an end', () => {
    expect([menuName, noticeName].map((shown) => shown('a\nb\u202Ec'))).toEqual(['a\uFFFDb\uFFFDc', 'a\uFFFDb\uFFFDc']);
    expect(noticeName(`${'a'.repeat(100)}z`)).toBe(`${'a'.repeat(24)}…${'a'.repeat(23)}z`);
  });
});

test('the packaged agent gets nothing that makes its program another one', () => {
  const env = { HOME: '/h', NODE_OPTIONS: '--require=x', Node_Path: '/x', NODE_EXTRA_CA_CERTS: '/ca', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  expect(agentEnv(env)).toEqual({ HOME: '/h', NODE_EXTRA_CA_CERTS: '/ca' });
});

describe('what a click may open', () => {
  test.each(['report.pdf', 'Photo.JPG', 'notes.txt', 'a.b.odt'])('%s', (name) => {
    expect(isSafeToOpen(name, false)).toBe(true);
  });

  test.each([
    'run.exe',
    'RUN.EXE',
    'run.exe. .',
    'x.desktop',
    'x.sh',
    'page.html',
    'link.url',
    'noending',
    'pdf',
    'macro.JSE',
    'a.fileloc',
    'a.rdp',
  ])('not %s', (name) => {
    expect(isSafeToOpen(name, false)).toBe(false);
  });

  test('nothing whose mode says that it can be run', () => {
    expect(isSafeToOpen('report.pdf', true)).toBe(false);
  });
});

describe('addresses of our own pages', () => {
  test('are files of the folder', () => {
    expect(fileOf('/app', 'app://ui/index.html?window=status')).toEqual({ path: '/app/index.html', type: 'text/html; charset=utf-8' });
    expect(fileOf('/app', 'app://ui/assets/index-a_b.js')?.path).toBe('/app/assets/index-a_b.js');
  });

  test.each([
    'app://ui/../main.js',
    'app://ui/%2e%2e/main.js',
    'app://ui/..%2fmain.js',
    'app://ui/.env.js',
    'app://other/index.html',
    'file:///etc/passwd',
    'app://ui/',
    'app://ui/a.exe',
    'nothing',
  ])('not %s', (address) => {
    const file = fileOf('/app', address);
    // A step up is taken within the address, and ends at its top.
    expect(file === undefined || file.path === '/app/main.js').toBe(true);
  });

  test('a page elsewhere is none of ours', () => {
    expect(isOurPage('app://ui.evil/index.html')).toBe(false);
    expect(isOurPage('app://ui/index.html')).toBe(true);
  });
});

describe('places of this computer', () => {
  test('a window hands on the id of what was picked, and can name nothing itself', () => {
    const picks = new PickBook();
    const { id } = picks.add('/home/a/My files');
    expect(picks.place({ folder: id, store: { url: id } })).toEqual({
      folder: '/home/a/My files',
      store: { url: 'file:///home/a/My%20files' },
    });
    expect(picks.place({ store: { url: 'https://x/' } })).toEqual({ store: { url: 'https://x/' } });
    expect(picks.place({ key: 'store.ca', value: id })).toEqual({ key: 'store.ca', value: '/home/a/My files' });
    expect(picks.place({ key: 'store.ca', value: 'default' })).toEqual({ key: 'store.ca', value: 'default' });
    expect(picks.place({ key: 'ignore', value: '/etc' })).toEqual({ key: 'ignore', value: '/etc' });
    expect(() => picks.place({ key: 'store.ca', value: '/etc/passwd' })).toThrow('not chosen');
    expect(() => picks.place({ folder: '/etc' })).toThrow('not chosen');
    expect(() => picks.place({ store: { url: ' FILE:///etc' } })).toThrow('not chosen');
  });

  test('two profiles have two places', () => {
    expect(stateDirFor('/c', '/p', '/p')).toBe('/c/cachette-desktop/default');
    expect(stateDirFor('/c', '/q', '/p')).not.toBe(stateDirFor('/c', '/r', '/p'));
  });

  test('a window opens where it was only if that is on a screen', () => {
    const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
    expect(isSeen({ x: 1800, y: 100, width: 400, height: 300 }, screens)).toBe(true);
    expect(isSeen({ x: 1900, y: 100, width: 400, height: 300 }, screens)).toBe(false);
  });

  test('a window is as large as its text needs, as far as the screen has it', () => {
    const [large, small] = [
      { width: 2560, height: 1400 },
      { width: 1280, height: 760 },
    ];
    expect(sizeFor('settings', 100, large)).toEqual({ width: 900, height: 660, least: { width: 560, height: 420 } });
    expect(sizeFor('settings', 200, large)).toEqual({ width: 1800, height: 1320, least: { width: 1120, height: 840 } });
    // Half a screen is enough, so that two windows fit beside each other.
    expect(sizeFor('settings', 200, small)).toEqual({ width: 1280, height: 760, least: { width: 640, height: 760 } });
    expect(sizeFor('settings', 100, { width: 500, height: 400 })).toEqual({ width: 500, height: 400, least: { width: 500, height: 400 } });
  });

  test('a window grows with its text around its middle, stays on its screen, and shrinks to no less than it was', () => {
    const desk = { x: 0, y: 30, width: 1920, height: 1050 };
    const place = { x: 600, y: 300, width: 400, height: 620 };
    expect(placeAfter('status', place, { was: 100, is: 100 }, desk)).toEqual(place);
    expect(placeAfter('status', place, { was: 100, is: 150 }, desk)).toEqual({ x: 500, y: 145, width: 600, height: 930 });
    const grown = placeAfter('status', { ...place, x: 1500 }, { was: 100, is: 200 }, desk);
    expect(grown).toEqual({ x: 1120, y: 30, width: 800, height: 1050 });
    expect(placeAfter('status', grown, { was: 200, is: 100 }, desk)).toMatchObject({ width: 400, height: 620 });
    // One that a person made small stays so.
    const narrow = { x: 0, y: 30, width: 500, height: 900 };
    expect(placeAfter('status', narrow, { was: 200, is: 100 }, desk)).toMatchObject({ width: 400, height: 620 });
    expect(placeAfter('status', { ...narrow, width: 350 }, { was: 125, is: 100 }, desk)).toMatchObject({ width: 350 });
  });
});

test('the entry that starts it at login quotes what has to be quoted', () => {
  expect(autostartEntry(['/opt/My "App" $1/cachette', '--hidden'])).toContain('Exec="/opt/My \\\\"App\\\\" \\\\$1/cachette" "--hidden"\n');
});

test('numbers and dates are written for a place that is known', () => {
  expect(knownLocale(['C', 'en_US', 'fr-CA', 'en'])).toBe('fr-CA');
  expect(knownLocale(['', 'C.UTF-8'])).toBe('en');
});

describe('texts', () => {
  const values = {
    files: 2,
    items: 2,
    conflicts: 1,
    problems: 1,
    trouble: 2,
    held: 1,
    name: 'phone',
    version: '1.2.3',
    vault: 'Work',
    state: 'Paused',
    title: 'Settings',
    number: 2,
  };

  test('are there in both languages', () => {
    expect(Object.keys(fr)).toEqual(Object.keys(en));
  });

  test.each(Object.keys(en))('%s can be said', (key) => {
    expect(sayIn('en')(key, values)).not.toBe('');
    expect(sayIn('fr')(key, values)).not.toMatch(/[{}]/);
  });
});

test('a report of the app names states and codes, and nothing of the person', () => {
  const report = appReport({
    version: '0.1.0',
    electron: '45.0.0',
    system: 'linux x64',
    isPackaged: true,
    hasTray: false,
    agents: [
      { vault: 1, is: 'failed', why: 'cachette: E_DISK: cannot write /home/ana/letter.txt' },
      { vault: 2, is: 'restarting', why: 'letter.txt' },
    ],
    preferences: { ...usual, textSize: 150, schedule: { fromHour: 8, toHour: 18 } },
    updates: { is: 'off', why: 'no-key' },
    faults: [],
  });
  expect(report).toContain(
    'app 0.1.0, electron 45.0.0, linux x64, packaged, no tray\nvault 1: agent failed, E_DISK\nvault 2: agent restarting\n',
  );
  expect(report).toContain('updates off (no-key)');
  expect(report).toContain('textSize 150\n');
  expect(report).toContain('schedule set\n');
  expect(report).not.toMatch(/ana|letter|18/);
});

test('Ctrl with a key makes text larger or smaller, step by step, and as it was', () => {
  expect(textSizeAfter('+', 100)).toBe(125);
  expect(textSizeAfter('=', 150)).toBe(200);
  expect(textSizeAfter('+', 200)).toBe(200);
  expect(textSizeAfter('-', 150)).toBe(125);
  expect(textSizeAfter('-', 100)).toBe(100);
  expect(textSizeAfter('0', 200)).toBe(100);
  expect(textSizeAfter('c', 150)).toBeUndefined();
});
