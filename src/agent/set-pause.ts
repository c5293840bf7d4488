import type { AgentLoop } from './agent-loop.ts';
import type { AgentHost } from './agent-host.ts';
import { changeIndex } from './change-index.ts';
import { writePause, type Pause } from './paused-setting.ts';

/** Pauses, or goes on (undefined): at once where the loop runs, else once it does. Throws E_NO_PROFILE. */
export async function setPause(host: AgentHost, loop: AgentLoop | undefined, pause: Pause | undefined): Promise<void> {
  if (loop === undefined) await changeIndex(host.profileDir, (index) => writePause(index, pause));
  else loop.setPause(pause);
}
