import type { SettingsPage } from '../../src/control/acts/shell-acts.ts';

/** The contract's own list stands beside its schemas, which no window needs. */
export type PageName = SettingsPage;
export const settingsPageNames: readonly PageName[] = [
  'folders',
  'selective-sync',
  'ignore-rules',
  'network',
  'general',
  'devices',
  'security',
  'about',
];
