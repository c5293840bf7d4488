import type { Scene } from './scene.ts';
import { conflictsScenes } from './scenes/conflicts-scenes.ts';
import { historyScenes } from './scenes/history-scenes.ts';
import { settingsScenes } from './scenes/settings-scenes.ts';
import { setUpScenes } from './scenes/set-up-scenes.ts';
import { statusScenes } from './scenes/status-scenes.ts';

/** Every window in every state. */
export const allScenes: readonly Scene[] = [...statusScenes, ...setUpScenes, ...settingsScenes, ...conflictsScenes, ...historyScenes];
