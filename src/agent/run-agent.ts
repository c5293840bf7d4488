/** `sync --watch`: the agent in the foreground. */
import { Failure } from '../base/failure.ts';
import { systemRandom } from '../base/random.ts';
import { ControlClient } from '../control/control-client.ts';
import { makeControlPlace } from '../control/control-place.ts';
import { ControlServer, type ControlHandlers } from '../control/control-server.ts';
import { acquireOwnerLock, type OwnerLock } from '../index/file/owner-lock.ts';
import type { AgentEvent } from './agent-event.ts';
import type { AgentHost } from './agent-host.ts';
import { keepSession, type Kept } from './keep-session.ts';
import { ProfileFolder } from './profile/profile-folder.ts';
import { setPause } from './profile/set-pause.ts';
import { relayedHandlers, sessionHandlers } from './session-handlers.ts';

/**
 * Keeps the profile in sync until `host.signal`, or until a client asks it to stop; then everything is put away and it
 * returns. Other processes of the profile are heard from the start, also while the store is away. Throws as `keepSession`; E_BUSY
 * where another agent keeps it.
 */
export async function runAgent(host: AgentHost, emit: (event: AgentEvent) => void): Promise<void> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([host.signal, stopping.signal]);
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  const lock = await becomeOwner(folder, { ...host, signal }, emit);
  if (lock === undefined) return;
  try {
    const opening = new Opening();
    const handlers = handlersOf(host, opening, () => stopping.abort(new Error('asked to stop')));
    const place = await makeControlPlace(folder.dir, host, systemRandom);
    const server = await ControlServer.start(place, handlers);
    const tell = (event: AgentEvent): void => {
      emit(event);
      server.tell(event);
    };
    try {
      await keepSession({ ...host, signal, agent: { ask: refuse } }, { emit: tell, ...opening.hooks });
    } catch (error) {
      // What ends the agent is what whoever waits is told.
      opening.fail(error);
      if (!signal.aborted) throw error;
    } finally {
      await server.close();
    }
  } finally {
    lock.release();
  }
}

const betweenMs = 200;

/**
 * Another agent keeps the profile; a run that does one thing, or an agent that is about to end, is waited for. undefined where
 * the signal came first. Throws E_BUSY.
 */
async function becomeOwner(folder: ProfileFolder, host: AgentHost, emit: (event: AgentEvent) => void): Promise<OwnerLock | undefined> {
  for (let isTold = false; !host.signal.aborted; isTold = true) {
    try {
      return acquireOwnerLock(folder.file('lock'));
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'E_BUSY' || (await isServed(folder, host))) throw error;
      const action = 'it goes on once that has ended';
      if (!isTold) emit({ event: 'state', state: 'pending', code: error.code, message: error.message, action });
    }
    await host.clock.sleep(betweenMs, host.signal).catch(() => {});
  }
  return undefined;
}

async function isServed(folder: ProfileFolder, host: AgentHost): Promise<boolean> {
  const client = await ControlClient.connect(folder.dir, host);
  client?.close();
  return client !== undefined;
}

/** The session that is to be, for those who wait for it. */
class Opening {
  #kept: Kept | undefined;
  #next = silent();
  /** Ends the rest before the store is asked again. */
  #asking = new AbortController();

  readonly hooks = {
    onOpen: (kept: Kept): Promise<() => Promise<void>> => {
      this.#kept = kept;
      this.#next.resolve(kept);
      return Promise.resolve(() => {
        this.#kept = undefined;
        this.#next = silent();
        return Promise.resolve();
      });
    },
    onAway: (why: Failure): AbortSignal => {
      this.#next.reject(why);
      this.#next = silent();
      this.#asking = new AbortController();
      return this.#asking.signal;
    },
  };

  /** The one that there is. */
  get kept(): Kept | undefined {
    return this.#kept;
  }

  /** Tried for at once. Throws what the next try comes to. */
  whenKept(): Promise<Kept> {
    if (this.#kept !== undefined) return Promise.resolve(this.#kept);
    this.#asking.abort();
    return this.#next.promise;
  }

  fail(error: unknown): void {
    this.#next.reject(error);
  }
}

/** Nobody may be waiting for it. */
function silent(): PromiseWithResolvers<Kept> {
  const resolvers = Promise.withResolvers<Kept>();
  resolvers.promise.catch(() => {});
  return resolvers;
}

function handlersOf(host: AgentHost, opening: Opening, stop: () => void): ControlHandlers {
  return {
    ...relayedHandlers(async () => sessionHandlers(await opening.whenKept())),
    // What only the index has to know needs no session.
    pause: () => setPause(host, () => opening.kept?.loop, { untilMs: undefined }),
    resume: () => setPause(host, () => opening.kept?.loop, undefined),
    select: () => opening.kept?.loop.look(),
    ask: refuse,
    stop,
  };
}

function refuse(): never {
  throw new Failure('E_BUSY', '`cachette sync --watch` is at work here: it serves no windows', {
    action: 'end it, and start the app again',
  });
}
