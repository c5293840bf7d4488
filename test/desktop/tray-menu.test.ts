import { describe, expect, test } from 'vitest';
import type { Overview } from '../../src/control/acts/overview-acts.ts';
import type { ToldUpdates } from '../../src/control/acts/shell-acts.ts';
import { sayIn } from '../../src/desktop/main/messages.ts';
import { menuName } from '../../src/desktop/main/shown-name.ts';
import { trayMenu, type MenuRow, type MenuVault } from '../../src/desktop/main/tray-menu.ts';
import { trayState } from '../../src/desktop/main/tray-state.ts';
import { trayTip } from '../../src/desktop/main/tray-tip.ts';

type Linked = Extract<Overview, { is: 'linked' }>;

const linked: Linked = {
  is: 'linked',
  state: 'synced',
  pausedUntil: null,
  progress: null,
  folder: '/home/a/Cachette',
  store: 'https://nas:8440/family',
  vaultId: '00'.repeat(32),
  device: 'laptop',
  files: 12,
  bytes: 3400,
  local: { files: 12, bytes: 3400 },
  conflicts: 0,
  problems: 0,
  held: 0,
  lastSync: '2026-11-01T10:00:00.000Z',
};

function labels(
  overview: Overview | undefined,
  language: 'en' | 'fr' = 'en',
  isAgentUp = true,
  updates: ToldUpdates = { is: 'not-looked' },
): string[] {
  const flat = (rows: readonly MenuRow[]): string[] =>
    rows.flatMap((row) => (row.is === 'line' ? [] : row.is === 'menu' ? [row.label, ...flat(row.rows)] : [row.label]));
  const activity = [
    {
      path: 'Letters/to <b>Ann & Bob.txt',
      did: 'changed' as const,
      kind: 'file' as const,
      device: 'desk',
      isThisDevice: false,
      at: null,
    },
  ];
  const vault = { number: 1, name: 'Cachette', overview, isAgentUp, activity };
  return flat(trayMenu({ vaults: [vault], updates, say: sayIn(language) }));
}

const work: MenuVault = { number: 2, name: 'Work & more', overview: { ...linked, conflicts: 2 }, isAgentUp: true, activity: [] };
const photos: MenuVault = { number: 5, name: 'Photos', overview: { ...linked, state: 'paused' }, isAgentUp: true, activity: [] };
const away: MenuVault = { number: 3, name: 'Away', overview: undefined, isAgentUp: false, activity: [] };
const calm: MenuVault = { number: 1, name: 'Cachette', overview: linked, isAgentUp: true, activity: [] };

describe('the menu of several vaults', () => {
  const rowsOf = (...vaults: readonly MenuVault[]): readonly MenuRow[] =>
    trayMenu({ vaults, updates: { is: 'not-looked' }, say: sayIn('en') });
  const labelsOf = (rows: readonly MenuRow[]): string[] => rows.flatMap((row) => (row.is === 'line' ? [] : [row.label]));

  test('has one menu for each, which says how it stands, and what concerns all of them', () => {
    const rows = rowsOf(calm, work, photos);
    expect(labelsOf(rows)).toEqual([
      'Cachette: Up to date',
      'Work && more: 2 conflicts',
      'Photos: Paused',
      'Pause all',
      'Resume all',
      'Show status',
      'Settings…',
      'Quit Cachette',
    ]);
    const menu = rows.find((row) => row.is === 'menu' && row.label.startsWith('Work'));
    expect(menu?.is === 'menu' && labelsOf(menu.rows)).toEqual([
      'Open folder',
      '2 conflicts…',
      'History…',
      'Pause',
      'Pause for an hour',
      'Show status',
      'Settings…',
    ]);
  });

  test('does with a vault what stands in its own menu', () => {
    const acts = (rows: readonly MenuRow[]): unknown[] =>
      rows.flatMap((row) => (row.is === 'menu' ? acts(row.rows) : row.is === 'act' && 'vault' in row.act ? [row.act.vault] : []));
    expect(new Set(acts(rowsOf(work, photos).slice(0, 1)))).toEqual(new Set([2]));
    expect(new Set(acts(rowsOf(work, photos).slice(1, 2)))).toEqual(new Set([5]));
  });

  test('offers only what there is to do for all', () => {
    expect(labelsOf(rowsOf(calm, work))).not.toContain('Resume all');
    expect(labelsOf(rowsOf(photos, photos))).not.toContain('Pause all');
    expect(labelsOf(rowsOf(calm, away))).toContain('Away: Cachette is not running');
  });
});

describe('the icon of several vaults', () => {
  test.each([
    ['one that wants attention counts before all', [calm, photos, away, work], 'attention', 'Cachette: Away: Cachette is not running'],
    ['one that rests is named', [calm, photos], 'paused', 'Cachette: Photos: Paused'],
    ['all alike are said once', [calm, { ...calm, number: 2 }], 'synced', 'Cachette: Up to date'],
    ['one alone needs no name', [work], 'attention', 'Cachette: 2 conflicts'],
  ] as const)('%s', (_name, vaults, icon, words) => {
    expect(trayTip(vaults, sayIn('en'))).toEqual({ icon, words });
  });
});

describe('the menu of the tray', () => {
  test('of a folder in sync has what people look for there', () => {
    expect(labels(linked)).toEqual([
      'Up to date',
      'Open folder',
      'Recent changes',
      'to <b>Ann && Bob.txt',
      'Open',
      'Show in folder',
      'History…',
      'Pause',
      'Pause for an hour',
      'Show status',
      'Settings…',
      'Quit Cachette',
    ]);
  });

  test('counts what waits for the person', () => {
    expect(labels({ ...linked, state: 'pending', conflicts: 1, problems: 2 })).toEqual(
      expect.arrayContaining(['1 conflict, 2 problems', '1 conflict, 2 problems…']),
    );
    expect(labels({ ...linked, conflicts: 0, problems: 1 }, 'fr')).toEqual(expect.arrayContaining(['1 problème', '1 problème…']));
  });

  test('says what has to be confirmed, alone or after what else waits', () => {
    expect(labels({ ...linked, state: 'held', held: 600 })).toContain('Deletions to confirm…');
    expect(labels({ ...linked, state: 'held', held: 600, problems: 1 })).toContain('1 problem, deletions to confirm…');
    expect(labels({ ...linked, state: 'held', held: 600, conflicts: 2 }, 'fr')).toContain('2 conflits, suppressions à confirmer…');
  });

  test('has a way to a new version that waits for the person, and says nothing of one that is still looked for', () => {
    const at = '2026-11-01T10:00:00.000Z';
    for (const is of ['ready', 'waiting'] as const)
      expect(labels(linked, 'en', true, { is, version: '1.2.0' })).toContain('Version 1.2.0 is available…');
    expect(labels(undefined, 'fr', false, { is: 'newer', version: '1.2.0', at })).toContain('La version 1.2.0 est disponible…');
    const quiet: readonly ToldUpdates[] = [{ is: 'looking' }, { is: 'current', at }, { is: 'downloading', version: '1.2.0', percent: 99 }];
    for (const updates of quiet) expect(labels(linked, 'en', true, updates).join()).not.toContain('1.2.0');
  });

  test('paused, it offers to go on and not to pause', () => {
    const rows = labels({ ...linked, state: 'paused' });
    expect(rows).toContain('Resume');
    expect(rows).not.toContain('Pause');
  });

  test('before the set-up, offers that', () => {
    expect(labels({ is: 'unlinked' })).toEqual(['Not set up yet', 'Set up…', 'Show status', 'Settings…', 'Quit Cachette']);
  });

  test('while the agent is down, offers to start it', () => {
    expect(labels(undefined, 'en', false)).toContain('Start Cachette’s engine again');
  });
});

describe('the icon of the tray', () => {
  test.each([
    ['synced', linked, 'synced'],
    ['with a conflict', { ...linked, conflicts: 1 }, 'attention'],
    ['at work', { ...linked, state: 'syncing' }, 'syncing'],
    ['paused', { ...linked, state: 'paused', problems: 3 }, 'paused'],
    ['held', { ...linked, state: 'held', held: 40 }, 'attention'],
    ['refused', { ...linked, state: 'refused' }, 'attention'],
    ['offline', { ...linked, state: 'offline' }, 'offline'],
    ['locked', { is: 'locked', folder: '/a', device: 'b' }, 'attention'],
  ] as const)('%s', (_name, overview, icon) => {
    expect(trayState(overview, true).icon).toBe(icon);
  });
});

describe('what keeps everything from being synced', () => {
  const why = (code: string): { code: string; message: string; action: string } => ({ code, message: '', action: '' });

  test.each([
    ['pending', 'E_DISK', 'The disk is full or can’t be used'],
    ['pending', 'E_FOLDER_MISSING', 'The synced folder is missing'],
    ['pending', 'E_FAILED', 'Can’t sync: needs your attention'],
    ['offline', 'E_STORE_FULL', 'The storage is full'],
    ['offline', 'E_STORE_DENIED', 'The storage refuses access'],
  ] as const)('%s, %s: is said, and not that it is at work or away', (state, code, said) => {
    const overview: Linked = { ...linked, state, why: why(code) };
    expect(labels(overview)[0]).toBe(said);
    expect(trayState(overview, true).icon).toBe('attention');
  });

  test('is no trouble where it passes by itself', () => {
    expect(labels({ ...linked, state: 'offline', why: why('E_STORE_UNREACHABLE') })[0]).toBe('Storage can’t be reached');
    expect(labels({ ...linked, state: 'pending', why: why('E_STORE_LATE') })[0]).toBe('Syncing…');
  });
});

test('a name in the menu is one short line that reads in one direction', () => {
  expect(menuName('a\u{202E}gpj.exe\nb')).toBe('a\u{FFFD}gpj.exe\u{FFFD}b');
  expect(Array.from(menuName('x'.repeat(255)))).toHaveLength(49);
});
