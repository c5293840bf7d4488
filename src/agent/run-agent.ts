/** `sync --watch`: the agent in the foreground. */
import { Failure } from '../base/failure.ts';
import { systemRandom } from '../base/random.ts';
import { makeControlPlace } from '../control/control-place.ts';
import { ControlServer } from '../control/control-server.ts';
import type { AgentEvent } from './agent-event.ts';
import type { AgentHost } from './agent-host.ts';
import { keepSession, type Kept } from './keep-session.ts';
import { sessionHandlers } from './session-handlers.ts';

/**
 * Keeps the profile in sync until `host.signal`, or until a client asks it to stop; then everything is put away and it
 * returns. Throws as `keepSession`.
 */
export async function runAgent(host: AgentHost, emit: (event: AgentEvent) => void): Promise<void> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([host.signal, stopping.signal]);
  const stop = (): void => stopping.abort(new Error('asked to stop'));
  let server: ControlServer | undefined;
  const tell = (event: AgentEvent): void => {
    emit(event);
    server?.tell(event);
  };
  const onOpen = async (kept: Kept): Promise<() => Promise<void>> => {
    const serving = await serve(host, kept, stop);
    server = serving;
    return async () => {
      server = undefined;
      await serving.close();
    };
  };
  try {
    await keepSession({ ...host, signal }, { emit: tell, onOpen });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function serve(host: AgentHost, kept: Kept, stop: () => void): Promise<ControlServer> {
  const place = await makeControlPlace(kept.session.folder.dir, host, systemRandom);
  return ControlServer.start(place, { ...sessionHandlers(kept), ask: refuseWindow, stop });
}

function refuseWindow(): never {
  throw new Failure('E_BUSY', '`cachette sync --watch` is at work here: it serves no windows', {
    action: 'end it, and start the app again',
  });
}
