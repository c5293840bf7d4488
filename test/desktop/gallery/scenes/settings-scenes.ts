import type { ToldDevice } from '../../../../src/control/acts/device-acts.ts';
import type { TreeRow } from '../../../../src/control/acts/folder-acts.ts';
import type { ToldUpdates } from '../../../../src/control/acts/shell-acts.ts';
import type { VerifyState } from '../../../../src/control/acts/verify-acts.ts';
import { hostileNames } from '../hostile-names.ts';
import { no, yes, type AgentAnswers, type Scene } from '../scene.ts';
import { ago } from '../usual-agent.ts';
import { someVaults } from '../usual-shell.ts';

const size = [900, 680] as const;

const names = ['Archive', 'Books', 'Letters', 'Music', 'Photos', 'Projects', 'Recipes', 'Taxes', 'Videos'];

function folder(path: string, more: Partial<TreeRow> = {}): TreeRow {
  return { path, name: path.slice(path.lastIndexOf('/') + 1), chosen: 'all', files: 240, bytes: 1_200_000_000, hasFolders: false, ...more };
}

const tree: Readonly<Record<string, readonly TreeRow[]>> = {
  '': names.map((name, at) =>
    folder(name, {
      hasFolders: at % 2 === 0,
      chosen: name === 'Videos' ? 'none' : name === 'Photos' ? 'some' : 'all',
      bytes: (at + 1) * 3_100_000_000,
    }),
  ),
  Photos: [folder('Photos/2024', { chosen: 'none' }), folder('Photos/2025', { hasFolders: true }), folder('Photos/2026')],
  'Photos/2025': [
    folder('Photos/2025/Brittany'),
    folder('Photos/2025/A wedding with a very long name that goes on and on, by the sea, in summer'),
  ],
};

const folders: AgentAnswers['list-folders'] = ({ path }) => yes({ rows: [...(tree[path] ?? [])], total: tree[path]?.length ?? 0 });

/** A hundred thousand folders in one. */
const many: AgentAnswers['list-folders'] = ({ path, skip = 0, limit }) => {
  if (path !== '') return yes({ rows: [], total: 0 });
  const rows = Array.from({ length: Math.min(limit, 100_000 - skip) }, (_, at) => folder(`f${String(skip + at).padStart(6, '0')}`));
  return yes({ rows, total: 100_000 });
};

const usual: Partial<AgentAnswers> = {
  'list-folders': folders,
  'weigh-choice': () =>
    yes({ removed: { files: 5210, bytes: 18_300_000_000 }, fetched: { files: 240, bytes: 1_200_000_000 }, freeBytes: 900_000_000 }),
  'read-ignore-rules': () => yes({ text: '# what nobody needs twice\nnode_modules/\n*.tmp\n' }),
  'try-ignore-rules': ({ text }) =>
    yes({
      matched: 1204,
      examples: ['Projects/site/node_modules/', 'Projects/app/node_modules/', 'Letters/draft.tmp', 'Music/playlist.tmp'],
      badLines: text.includes('[') ? [{ line: 4, text: '[' }] : [],
    }),
  'list-settings': () =>
    yes({
      rows: [
        { key: 'bandwidth.up', value: 2_000_000, isSet: true },
        { key: 'bandwidth.down', value: null, isSet: false },
        { key: 'proxy', value: null, isSet: false },
        { key: 'trash.days', value: 30, isSet: false },
        { key: 'retention.days', value: 180, isSet: false },
      ],
    }),
  'list-devices': () =>
    yes({
      rows: [
        { name: 'laptop', id: '0'.repeat(32), added: '2026-01-12T09:30:00Z', addedBy: null, lastSeen: ago(0), revoked: false, this: true },
        {
          name: 'desk',
          id: '1'.repeat(32),
          added: '2026-02-02T18:00:00Z',
          addedBy: 'laptop',
          lastSeen: ago(40),
          revoked: false,
          this: false,
        },
        {
          name: 'phone',
          id: '2'.repeat(32),
          added: '2026-03-20T07:15:00Z',
          addedBy: 'laptop',
          lastSeen: null,
          revoked: false,
          this: false,
        },
        {
          name: 'old laptop',
          id: '3'.repeat(32),
          added: '2026-02-03T12:00:00Z',
          addedBy: 'desk',
          lastSeen: ago(90_000),
          revoked: true,
          this: false,
        },
      ],
    }),
};

const none = { rows: [], total: 0 };

function deviceCalled(name: string, at: number): ToldDevice {
  const id = at.toString(16).padStart(32, '0');
  return { name, id, added: '2026-02-02T19:00:00Z', addedBy: name, lastSeen: ago(40), revoked: false, this: at === 0 };
}

function settings(page: string, more: Partial<Scene> = {}): Scene {
  return { window: 'settings', page, size, ...more, name: more.name ?? `settings-${page}`, agent: { ...usual, ...more.agent } };
}

const updates: Readonly<Record<string, ToldUpdates>> = {
  'no-key': { is: 'off', why: 'no-key' },
  'not-wanted': { is: 'off', why: 'not-wanted' },
  looking: { is: 'looking' },
  newer: { is: 'newer', version: '0.2.0', at: ago(3) },
  downloading: { is: 'downloading', version: '0.2.0', percent: 42 },
  ready: { is: 'ready', version: '0.2.0' },
  waiting: { is: 'waiting', version: '0.2.0' },
  untrusted: { is: 'failed', why: 'untrusted', at: ago(1) },
  unreachable: { is: 'failed', why: 'unreachable', at: ago(200) },
};

const verified = { is: 'done', at: ago(2), readsData: true, repairs: false, entries: 1204, packs: 3021 } as const;
const verifications: Readonly<Record<string, VerifyState>> = {
  begun: { is: 'running', readsData: true, repairs: false, packs: 0, of: 3021 },
  running: { is: 'running', readsData: true, repairs: false, packs: 1210, of: 3021 },
  good: { ...verified, damaged: 0, files: 0, firstFiles: [] },
  bad: { ...verified, damaged: 2, files: 31, firstFiles: ['Photos/2025/Brittany/gulls.jpg', 'Letters/<b>bold</b>.txt', ...hostileNames] },
  failed: { is: 'failed', at: ago(1), why: { code: 'E_STORE_UNREACHABLE', message: 'nas.home does not answer', action: 'wait' } },
};

const openPhotos = { keys: ['p', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowRight'] } as const;

export const settingsScenes: readonly Scene[] = [
  settings('folders', { isTypical: true }),
  settings('folders', { name: 'settings-unlink', steps: [{ press: 'Unlink this folder…' }] }),
  settings('folders', { name: 'settings-vaults', isTypical: true, size: [900, 1000], shell: someVaults }),
  settings('folders', {
    name: 'settings-remove-vault',
    shell: someVaults,
    steps: [{ press: 'Unlink this folder…' }, { see: 'Your other vaults' }],
  }),
  settings('folders', {
    name: 'settings-too-many-vaults',
    size: [900, 1000],
    shell: { 'add-vault': () => no('E_USAGE', 'there are 9 vaults in the app', 'remove one from this computer first') },
    steps: [{ press: 'Add a vault…' }, { see: 'room for no more vaults' }],
  }),
  settings('folders', { name: 'settings-folder-moved', steps: [{ press: 'I moved the folder…' }, { see: 'from now on' }] }),
  settings('folders', {
    name: 'settings-relink-store',
    agent: { 'probe-store': () => yes({ has: 'vault', notes: [] }) },
    steps: [
      { press: 'The storage has changed…' },
      { fill: 'Address of the server', with: 'https://token@nas.home:8440/vault' },
      { see: 'Connected.' },
    ],
  }),
  settings('folders', {
    name: 'settings-relink-refused',
    agent: { 'probe-store': () => yes({ has: 'nothing', notes: [] }) },
    steps: [
      { press: 'The storage has changed…' },
      { fill: 'Address of the server', with: 'https://token@nas.home:8440/vault' },
      { see: 'There is no vault' },
    ],
  }),
  settings('folders', {
    name: 'settings-agent-down',
    isTypical: true,
    agent: { overview: () => no('E_BUSY', 'the engine is not running yet', 'it is started by itself: try again in a moment') },
    shell: someVaults,
    steps: [{ press: 'Unlink this folder…' }, { see: 'Your other vaults' }],
  }),
  settings('folders', { name: 'settings-no-folder', agent: { overview: () => yes({ is: 'unlinked' }) } }),
  settings('selective-sync', { isTypical: true }),
  settings('selective-sync', {
    name: 'settings-selective-open',
    isTypical: true,
    steps: [{ press: 'Archive', role: 'treeitem' }, openPhotos, { keys: ['ArrowLeft', 'ArrowLeft', ' ', 'v', ' '] }],
  }),
  settings('selective-sync', {
    name: 'settings-selective-review',
    steps: [{ press: 'Archive', role: 'treeitem' }, { keys: [' '] }, { press: 'Review…' }, { see: 'will be removed' }],
  }),
  settings('selective-sync', { name: 'settings-selective-many', agent: { 'list-folders': many } }),
  settings('selective-sync', { name: 'settings-selective-empty', agent: { 'list-folders': () => yes({ rows: [], total: 0 }) } }),
  settings('selective-sync', {
    name: 'settings-selective-hostile',
    isHostile: true,
    agent: {
      'list-folders': ({ path }) =>
        yes(path === '' ? { rows: hostileNames.map((name) => folder(name)), total: hostileNames.length } : none),
    },
  }),
  settings('ignore-rules', { isTypical: true }),
  settings('ignore-rules', {
    name: 'settings-ignore-hostile',
    isHostile: true,
    agent: { 'try-ignore-rules': () => yes({ matched: hostileNames.length, examples: [...hostileNames], badLines: [] }) },
  }),
  settings('ignore-rules', { name: 'settings-ignore-bad', agent: { 'read-ignore-rules': () => yes({ text: 'a\nb\n\n[\n' }) } }),
  settings('network', { isTypical: true, shell: {} }),
  settings('general', { isTypical: true }),
  settings('devices', { isTypical: true }),
  settings('devices', {
    name: 'settings-devices-hostile',
    isHostile: true,
    agent: { 'list-devices': () => yes({ rows: hostileNames.map(deviceCalled) }) },
  }),
  settings('devices', { name: 'settings-let-in', steps: [{ press: 'Add a computer' }] }),
  settings('devices', {
    name: 'settings-let-in-wrong',
    agent: { 'approve-device': () => no('E_CODE', 'the code does not match') },
    steps: [{ press: 'Add a computer' }, { fill: 'Code', with: 'AAAA-BBBB-CCCC' }, { keys: ['Enter'] }, { see: 'does not match' }],
  }),
  settings('devices', { name: 'settings-remove', steps: [{ press: 'Remove desk' }] }),
  settings('devices', {
    name: 'settings-removed',
    agent: { 'remove-device': () => yes({ recoveryKey: '7K2QM-9XNPD-4TRWB-83HJC-VA5EZ-60FGY-QS1KT' }) },
    steps: [{ press: 'Remove desk' }, { press: 'Remove', isExact: true }, { see: 'is removed' }],
  }),
  settings('devices', { name: 'settings-renew', steps: [{ press: 'Make it a separate one…' }] }),
  settings('devices', { name: 'settings-rename', steps: [{ press: 'Rename' }] }),
  settings('security', { isTypical: true }),
  settings('security', {
    name: 'settings-new-key',
    steps: [{ press: 'New recovery key' }, { press: 'Make it' }, { see: 'I have kept it' }],
  }),
  settings('security', { name: 'settings-keys-in-a-file', size: [900, 1400], agent: { 'read-key-storage': () => yes({ kind: 'file' }) } }),
  settings('security', {
    name: 'settings-key-storage',
    steps: [{ press: 'Keep them elsewhere…' }, { press: 'Passphrase', role: 'radio' }],
  }),
  settings('security', {
    name: 'settings-key-storage-no-keychain',
    agent: {
      'read-key-storage': () => yes({ kind: 'file' }),
      'look-at-keychain': () => yes({ works: false }),
      'change-key-storage': () => no('E_WEAK_PASSPHRASE'),
    },
    steps: [
      { press: 'Keep them elsewhere…' },
      { fill: 'Passphrase for this computer', with: 'marble otter quilt lantern fjord' },
      { see: 'Strong' },
      { press: 'Keep them there' },
      { see: 'too easy to guess' },
    ],
  }),
  settings('security', { name: 'settings-remove-passphrase', steps: [{ press: 'Remove the passphrase…' }] }),
  settings('security', { name: 'settings-no-passphrase', agent: { 'read-ways-in': () => yes({ passphrase: false, recoveryKey: true }) } }),
  ...Object.entries(verifications).map(([name, state]) =>
    settings('security', {
      name: `settings-verify-${name}`,
      isTypical: name === 'bad',
      agent: { 'read-verify': () => yes(state) },
      size: [900, 1400],
    }),
  ),
  settings('security', { name: 'settings-compare', steps: [{ press: 'Show the digits' }, { see: '4821' }] }),
  settings('about', { isTypical: true }),
  ...Object.entries(updates).map(([name, told]) =>
    settings('about', {
      name: `settings-updates-${name}`,
      isTypical: name === 'ready',
      preferences: { looksForUpdates: name !== 'not-wanted' },
      shell: { 'read-updates': () => yes(told) },
    }),
  ),
  settings('about', { name: 'settings-diagnose', steps: [{ press: 'Make a report' }, { see: 'state synced' }] }),
];
