import { hostileNames } from '../hostile-names.ts';
import { no, yes, type Scene } from '../scene.ts';
import { someVaults } from '../usual-shell.ts';
import { ago, usualOverview, type LinkedOverview } from '../usual-agent.ts';

const size = [380, 560] as const;

function linked(name: string, changes: Partial<LinkedOverview>): Scene {
  return { name: `status-${name}`, window: 'status', size, agent: { overview: () => yes({ ...usualOverview, ...changes }) } };
}

const changed = { did: 'changed', kind: 'file', isThisDevice: false, at: ago(3) } as const;
const progress = { itemsLeft: 412, bytesLeft: 1_830_000_000, bytesDone: 920_000_000, bytesPerSecond: 6_400_000, secondsLeft: 286 };

export const statusScenes: readonly Scene[] = [
  { ...linked('synced', {}), isTypical: true },
  linked('syncing', { state: 'syncing', progress }),
  linked('looking', { state: 'syncing', progress: null }),
  linked('partly-here', { local: { files: 3000, bytes: 9_100_000_000 } }),
  { ...linked('attention', { conflicts: 3, problems: 1, held: 1204, state: 'held' }), isTypical: true },
  linked('almost', { conflicts: 1, problems: 12 }),
  linked('paused', { state: 'paused', pausedUntil: new Date('2026-11-22T15:30:00').toISOString() }),
  linked('offline', {
    state: 'offline',
    why: { code: 'E_STORE_UNREACHABLE', message: 'cannot reach cloud.example.com:443 (ENOTFOUND)', action: '' },
  }),
  linked('store-full', { state: 'offline', why: { code: 'E_STORE_FULL', message: 'the store takes nothing more (ENOSPC)', action: '' } }),
  linked('disk-full', {
    state: 'pending',
    why: { code: 'E_DISK', message: 'cannot write .cachette/tmp/1: the disk is full (ENOSPC)', action: '' },
  }),
  linked('refused', {
    state: 'refused',
    why: { code: 'E_ROLLBACK', message: 'the store shows entry 1180 of device desk, this device has seen 1204', action: '' },
  }),
  linked('unknown-failure', {
    state: 'refused',
    why: { code: 'E_NEW_ONE', message: 'something that this window has no words for', action: 'do this about it' },
  }),
  {
    ...linked('vaults', {}),
    isTypical: true,
    shell: someVaults,
    steps: [{ press: 'Cachette, Up to date. Show another vault' }],
  },
  { ...linked('of-a-vault', { state: 'syncing', progress }), shell: someVaults },
  {
    name: 'status-hostile',
    isHostile: true,
    window: 'status',
    size,
    agent: { activity: () => yes({ rows: hostileNames.map((name) => ({ ...changed, path: `${name}/${name}`, device: name })) }) },
  },
  { name: 'status-pause-menu', window: 'status', size, steps: [{ press: 'Pause' }] },
  {
    name: 'status-nothing-yet',
    window: 'status',
    size,
    agent: {
      overview: () => yes({ ...usualOverview, files: 0, bytes: 0, local: { files: 0, bytes: 0 }, lastSync: ago(0) }),
      activity: () => yes({ rows: [] }),
    },
  },
  { name: 'status-unlinked', window: 'status', size, agent: { overview: () => yes({ is: 'unlinked' }) } },
  {
    name: 'status-locked',
    window: 'status',
    size,
    agent: { overview: () => yes({ is: 'locked', folder: '/home/ana/Cachette', device: 'laptop' }) },
  },
  {
    name: 'status-locked-wrong',
    window: 'status',
    size,
    agent: {
      overview: () => yes({ is: 'locked', folder: '/home/ana/Cachette', device: 'laptop' }),
      unlock: () => no('E_LOCKED', 'the passphrase opens nothing here'),
    },
    steps: [{ fill: 'Passphrase', with: 'wrong' }, { press: 'Unlock' }],
  },
  {
    name: 'status-stopped',
    window: 'status',
    size,
    agent: {
      overview: () =>
        yes({
          is: 'stopped',
          folder: '/media/ana/stick/Cachette',
          device: 'laptop',
          why: { code: 'E_FOLDER_MISSING', message: '/media/ana/stick/Cachette is not there', action: 'bring the folder back' },
        }),
    },
  },
  { name: 'status-starting', window: 'status', size, shell: { 'read-agent': () => yes({ is: 'restarting', why: '' }) } },
  {
    name: 'status-agent-failed',
    window: 'status',
    size,
    shell: { 'read-agent': () => yes({ is: 'failed', why: 'ended 5 times within a minute, last with code 134' }) },
  },
];
