import type { AgentLoop } from '../agent-loop.ts';
import type { AgentHost } from '../agent-host.ts';
import { changeIndex } from './change-index.ts';
import { writePause, type Pause } from './paused-setting.ts';

/**
 * Pauses, or goes on (undefined): at once where a loop runs, else once it does. `findLoop`: the one that runs now. Throws
 * E_NO_PROFILE.
 */
export async function setPause(
  host: AgentHost,
  findLoop: () => Pick<AgentLoop, 'setPause'> | undefined,
  pause: Pause | undefined,
): Promise<void> {
  const loop = findLoop();
  if (loop === undefined) await changeIndex(host, (index) => writePause(index, pause));
  // Also one that began meanwhile: it may have read the index before that was written.
  (loop ?? findLoop())?.setPause(pause);
}
