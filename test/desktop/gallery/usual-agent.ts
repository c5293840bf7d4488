import type { Overview } from '../../../src/control/acts/overview-acts.ts';
import { yes, type AgentAnswers } from './scene.ts';

const minuteMs = 60_000;
export const ago = (minutes: number): string => new Date(Date.now() - minutes * minuteMs).toISOString();

export type LinkedOverview = Extract<Overview, { is: 'linked' }>;

export const usualOverview: LinkedOverview = {
  is: 'linked',
  state: 'synced',
  pausedUntil: null,
  progress: null,
  folder: '/home/ana/Cachette',
  store: 'webdav+https://cloud.example.com/remote.php/dav/files/ana/cachette',
  vaultId: '4f2c9a0d5b7e8f1a2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293',
  device: 'laptop',
  files: 12_431,
  bytes: 48_700_000_000,
  local: { files: 12_431, bytes: 48_700_000_000 },
  conflicts: 0,
  problems: 0,
  held: 0,
  lastSync: ago(2),
};

export const usualActivity: ReturnType<AgentAnswers['activity']> = yes({
  rows: [
    { path: 'Photos/2026/Brittany/IMG_4711.jpg', did: 'added', kind: 'file', device: 'phone', isThisDevice: false, at: ago(1) },
    { path: 'Letters/Landlord.odt', did: 'changed', kind: 'file', device: 'laptop', isThisDevice: true, at: ago(14) },
    { path: 'Taxes/2025/Receipts', did: 'moved', kind: 'dir', device: 'desk', isThisDevice: false, at: ago(95) },
    { path: 'Old list.txt', did: 'removed', kind: 'file', device: 'laptop', isThisDevice: true, at: ago(60 * 26) },
    { path: 'Budget (conflict desk 2026-11-20).ods', did: 'conflict', kind: 'file', device: 'desk', isThisDevice: false, at: ago(60 * 50) },
    {
      path: 'Talks/The very long working title of a talk that nobody will ever be able to read in full.key',
      did: 'changed',
      kind: 'file',
      device: 'desk',
      isThisDevice: false,
      at: ago(60 * 24 * 20),
    },
  ],
});

/** Acts that scenes answer for themselves where a window asks them. */
function unasked(): never {
  throw new Error('nothing in this scene answers that');
}

/** An agent where all is well. */
export const usualAgent: AgentAnswers = {
  overview: () => yes(usualOverview),
  activity: () => usualActivity,
  'pause-for': () => yes({}),
  resume: () => yes({}),
  'sync-now': () => yes({}),
  unlock: () => yes({}),
  'probe-store': () => yes({ has: 'nothing', notes: [] }),
  'look-at-folder': () => yes({ exists: true, files: 1234, bytes: 2_100_000_000, isMore: false, freeBytes: 81_000_000_000 }),
  'suggest-passphrase': () => yes({ passphrase: 'marble otter quilt lantern fjord' }),
  'weigh-passphrase': ({ passphrase }) => {
    const score = Math.min(4, Math.floor(passphrase.length / 6));
    return yes({ score, isEnough: score >= 3, warning: '' });
  },
  init: () => yes({ vaultId: 'v', device: 'laptop', notes: [], recoveryKey: '7K2QM-9XNPD-4TRWB-83HJC-VA5EZ-60FGY-QS1KT' }),
  join: () => yes({ vaultId: 'v', device: 'laptop', notes: [] }),
  'join-by-code': () => 'never',
  'stop-set-up': () => yes({}),
  'list-folders': unasked,
  'find-folder': () => yes({ at: null }),
  'weigh-choice': unasked,
  choose: () => yes({}),
  'read-ignore-rules': unasked,
  'try-ignore-rules': unasked,
  'write-ignore-rules': () => yes({}),
  'list-conflicts': unasked,
  'read-side': unasked,
  decide: unasked,
  'undo-decision': unasked,
  'list-problems': unasked,
  'retry-problems': () => yes({}),
  'list-held': unasked,
  'decide-held': unasked,
  'list-items': unasked,
  'list-versions': unasked,
  'list-deleted': unasked,
  restore: ({ path }) => yes({ path, files: 1 }),
  'read-version': unasked,
  'find-servers': () =>
    yes({
      rows: [
        { host: '192.168.1.20', port: 8440 },
        { host: '192.168.1.31', port: 8440 },
      ],
    }),
  'look-at-keychain': () => yes({ works: true }),
  'renew-device': () => yes({ name: 'laptop 2' }),
  'read-ways-in': () => yes({ passphrase: true, recoveryKey: true }),
  'relink-folder': () => yes({ folder: '/media/ana/backup/cachette' }),
  'relink-store': () => yes({}),
  'begin-verify': () => yes({}),
  'read-verify': () => yes({ is: 'none' }),
  'stop-verify': () => yes({}),
  'list-devices': unasked,
  'approve-device': () => yes({ name: 'tablet' }),
  'rename-device': () => yes({}),
  'remove-device': () => yes({ recoveryKey: null }),
  'change-passphrase': () => yes({}),
  'new-recovery-key': () => yes({ recoveryKey: '7K2QM-9XNPD-4TRWB-83HJC-VA5EZ-60FGY-QS1KT', sheet: '<p>sheet</p>' }),
  'recovery-sheet': () => yes({ sheet: '<p>sheet</p>' }),
  'compare-code': () => yes({ code: '4821 0937 5516', seq: 1204, newest: { at: ago(9), device: 'desk' } }),
  'read-key-storage': () => yes({ kind: 'keychain' }),
  'change-key-storage': () => yes({}),
  'list-settings': unasked,
  'change-setting': () => yes({}),
  unlink: () => yes({}),
  diagnose: () => yes({ text: 'cachette 0.1.0\nstate synced\n' }),
};
