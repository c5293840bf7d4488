import type { Scene } from './scene.ts';
import { settingsScenes } from './scenes/settings-scenes.ts';
import { setUpScenes } from './scenes/set-up-scenes.ts';
import { statusScenes } from './scenes/status-scenes.ts';

/** Every window in every state. */
export const allScenes: readonly Scene[] = [...statusScenes, ...setUpScenes, ...settingsScenes];
