import type { Overview } from '../../src/control/acts/overview-acts.ts';

/** What an agent says that has nothing to do. */
export const syncedOverview: Extract<Overview, { is: 'linked' }> = {
  is: 'linked',
  state: 'synced',
  pausedUntil: null,
  progress: null,
  folder: '/f',
  store: 's',
  vaultId: 'v',
  device: 'd',
  files: 3,
  bytes: 4,
  local: { files: 3, bytes: 4 },
  conflicts: 0,
  problems: 0,
  held: 0,
  lastSync: null,
};
