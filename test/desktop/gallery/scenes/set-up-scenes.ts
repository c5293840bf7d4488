import { no, yes, type Scene, type Step } from '../scene.ts';
import { usualOverview } from '../usual-agent.ts';
import { usualVault } from '../usual-shell.ts';

const size = [720, 680] as const;

const toStore: readonly Step[] = [{ press: 'Continue' }];
const toFolder: readonly Step[] = [
  ...toStore,
  { fill: 'Address of the server', with: 'https://token@nas.home:8440/vault' },
  { see: 'Connected.' },
  { press: 'Continue' },
];
const toKey: readonly Step[] = [...toFolder, { see: 'encrypted and uploaded' }, { press: 'Continue' }];
const toRecovery: readonly Step[] = [
  ...toKey,
  { press: 'Suggest one' },
  { see: 'Strong.' },
  { press: 'Make the vault' },
  { see: 'Your recovery key' },
];
const toJoinKey: readonly Step[] = [
  { press: 'Join a vault', role: 'radio' },
  ...toStore,
  { fill: 'Address of the server', with: 'https://token@nas.home:8440/vault' },
  { see: 'Connected.' },
  { press: 'Continue' },
  { see: 'joined with what is in the vault' },
  { press: 'Continue' },
];

const byCode: readonly Step[] = [{ press: 'With another computer', role: 'radio' }, { press: 'Join' }];

function setUp(name: string, steps: readonly Step[], more: Partial<Scene> = {}): Scene {
  return { name: `set-up-${name}`, window: 'set-up', size, steps, ...more };
}

const hasVault = { 'probe-store': () => yes({ has: 'vault' as const, notes: [] }) };

export const setUpScenes: readonly Scene[] = [
  setUp('way', [], { isTypical: true }),
  // The window of one that is not yet among them.
  setUp('another-vault', [], { shell: { 'list-vaults': () => yes({ here: 2, rows: [usualVault] }) } }),
  setUp('server', toStore),
  setUp('found', [...toStore, { press: 'Look on this network' }, { press: '192.168.1.20', role: 'radio' }], { isTypical: true }),
  setUp('found-none', [...toStore, { press: 'Look on this network' }, { see: 'No server answered' }], {
    agent: { 'find-servers': () => yes({ rows: [] }) },
  }),
  setUp('s3', [...toStore, { press: 'S3', role: 'radio' }], { isTypical: true }),
  setUp(
    'webdav-denied',
    [...toStore, { press: 'WebDAV', role: 'radio' }, { fill: 'Address', with: 'https://cloud.example.com/dav' }, { see: 'refuses access' }],
    {
      agent: { 'probe-store': () => no('E_STORE_DENIED', 'cloud.example.com answered 401 to PROPFIND') },
    },
  ),
  setUp('folder-store', [...toStore, { press: 'Folder', role: 'radio' }, { press: 'Choose…' }, { see: 'Connected.' }]),
  setUp('probing', [...toStore, { fill: 'Address of the server', with: 'https://token@nas.home:8440/vault' }], {
    agent: { 'probe-store': () => 'never' },
  }),
  setUp('has-vault', [...toStore, { fill: 'Address of the server', with: 'https://token@nas.home:8440/vault' }, { see: 'already' }], {
    agent: hasVault,
  }),
  setUp('folder', [...toFolder, { see: 'encrypted and uploaded' }]),
  setUp('folder-owned', [...toFolder, { see: 'synced already' }], {
    agent: { 'look-at-folder': () => no('E_FOLDER_OWNED', '/home/ana is linked') },
  }),
  setUp('passphrase', toKey),
  setUp('passphrase-weak', [...toKey, { fill: 'Passphrase', with: 'hunter2' }, { see: 'Too easy' }]),
  setUp('passphrase-suggested', [...toKey, { press: 'Suggest one' }, { see: 'Strong.' }]),
  setUp('no-keychain', [...toKey, { press: 'The recovery key alone', role: 'radio' }, { see: 'no keychain' }], {
    isTypical: true,
    agent: { 'look-at-keychain': () => yes({ works: false }) },
  }),
  setUp('working', [...toKey, { press: 'Suggest one' }, { see: 'Strong.' }, { press: 'Make the vault' }], {
    agent: { init: () => 'never' },
  }),
  setUp('failed', [...toKey, { press: 'Suggest one' }, { see: 'Strong.' }, { press: 'Make the vault' }, { see: 'did not work' }], {
    agent: { init: () => no('E_STORE_FULL', 'nas.home answered 507') },
  }),
  setUp('recovery', toRecovery, { isTypical: true }),
  setUp('recovery-copied', [...toRecovery, { press: 'Copy' }, { see: 'Copied.' }]),
  setUp('join-key', toJoinKey, { agent: hasVault }),
  setUp('join-code-asked', [...toJoinKey, ...byCode], { agent: hasVault }),
  setUp('join-code', [...toJoinKey, ...byCode, { hear: { event: 'join-code', code: 'K7QM-2XNP-9D4T' } }, { see: 'K7QM-2XNP-9D4T' }], {
    agent: hasVault,
  }),
  setUp('done', [...toJoinKey, { fill: 'Passphrase', with: 'marble otter quilt lantern' }, { press: 'Join' }, { see: 'All set' }], {
    agent: {
      ...hasVault,
      overview: () =>
        yes({
          ...usualOverview,
          state: 'syncing',
          progress: {
            itemsLeft: 12_000,
            bytesLeft: 40_000_000_000,
            bytesDone: 8_700_000_000,
            bytesPerSecond: 21_000_000,
            secondsLeft: 1900,
          },
        }),
    },
  }),
];
