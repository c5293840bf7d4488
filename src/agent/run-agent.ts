/** `sync --watch`: the agent in the foreground. */
import { Failure } from '../base/failure.ts';
import { systemRandom } from '../base/random.ts';
import { makeControlPlace } from '../control/control-place.ts';
import { ControlServer } from '../control/control-server.ts';
import { quarantineIndex } from '../index/quarantine-index.ts';
import type { AgentEvent } from './agent-event.ts';
import type { AgentHost } from './agent-host.ts';
import { AgentLoop } from './agent-loop.ts';
import { afterFailure } from './agent-state.ts';
import { approveDevice } from './approve-device.ts';
import { Backoff } from './backoff.ts';
import { bringPast } from './bring-past.ts';
import { removeDevice, renameOwn, replaceSlot } from './change-keys.ts';
import { openSession, type Session } from './open-session.ts';
import { resolveConflicts } from './resolve-conflicts.ts';
import { restorePath } from './restore-path.ts';
import { rewindPath } from './rewind-path.ts';
import { verifyVault } from './verify-vault.ts';
import { readVaultCode } from './vault-code.ts';

/**
 * Keeps the profile in sync until `host.signal`, or until a client asks it to stop; then everything is put away and it
 * returns. Throws as `openSession` (except while the store is away: then it tries again), E_REVOKED, E_CLONED_DEVICE, and
 * E_INDEX_DAMAGED where a new index did not help.
 */
export async function runAgent(host: AgentHost, emit: (event: AgentEvent) => void): Promise<void> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([host.signal, stopping.signal]);
  const agent = { host: { ...host, signal }, emit, stop: () => stopping.abort(new Error('asked to stop')) };
  try {
    await runUntilDamaged(agent);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

interface Agent {
  readonly host: AgentHost;
  readonly emit: (event: AgentEvent) => void;
  readonly stop: () => void;
}

async function runUntilDamaged(agent: Agent): Promise<void> {
  for (let hasMended = false; ; hasMended = true) {
    try {
      return await runOnce(agent);
    } catch (error) {
      if (hasMended || !(error instanceof Failure) || error.code !== 'E_INDEX_DAMAGED' || error.subject === undefined) throw error;
      if (quarantineIndex(error.subject) === undefined) throw error;
      agent.emit({ event: 'notice', message: 'the index was damaged: it was put aside and is built again' });
    }
  }
}

async function runOnce({ host, emit, stop }: Agent): Promise<void> {
  const { signal } = host;
  const listeners = { tell: emit };
  const session = await openPatiently(
    host,
    (event) => {
      listeners.tell(event);
    },
    emit,
  );
  const loop = new AgentLoop(session, (event) => {
    listeners.tell(event);
  });
  let server: ControlServer | undefined;
  try {
    server = await serve({ host, session, loop, stop });
    const { tell } = bind(server);
    listeners.tell = (event) => {
      emit(event);
      tell(event);
    };
    await loop.run(signal);
  } catch (error) {
    if (!signal.aborted) session.log.failure('agent ended', error);
    throw error;
  } finally {
    await server?.close();
    // What was being written when the signal came.
    await session.disk.clearStaged().catch(() => {});
    await session.close();
  }
}

function bind(server: ControlServer): { readonly tell: (event: AgentEvent) => void } {
  return {
    tell: (event) => {
      server.tell(event);
    },
  };
}

interface Serving {
  readonly host: AgentHost;
  readonly session: Session;
  readonly loop: AgentLoop;
  readonly stop: () => void;
}

async function serve({ host, session, loop, stop }: Serving): Promise<ControlServer> {
  const place = await makeControlPlace(session.folder.dir, host, systemRandom);
  return ControlServer.start(place, {
    status: () => ({ state: loop.state }),
    sync: () => loop.request(),
    pause: () => loop.setPaused(true),
    resume: () => loop.setPaused(false),
    select: () => loop.look(),
    'bring-past': () => loop.doBetween((signal) => bringPast(session, signal)),
    restore: ({ path, version, atMs, to }) => loop.doBetween((signal) => restorePath(session, { path, version, atMs, to }, signal)),
    rewind: ({ path, toMs, before }) => loop.doBetween((signal) => rewindPath(session, { path, toMs, before }, signal)),
    resolve: ({ conflicts, keep }) => loop.doBetween((signal) => resolveConflicts(session, { choice: conflicts, keep }, signal)),
    verify: ({ data }) => loop.doBetween((signal) => verifyVault(session, { readsData: data }, signal)),
    revoke: ({ device, slots }) => loop.doBetween((signal) => removeDevice(session, { device, slots }, signal)),
    slot: ({ kind, slot }) => loop.doBetween((signal) => replaceSlot(session, { kind, slot }, signal)),
    approve: ({ code }) => loop.doBetween((signal) => approveDevice(session, code, signal)),
    rename: ({ name }) => loop.doBetween((signal) => renameOwn(session, name, signal)),
    'vault-code': () => loop.doBetween(() => Promise.resolve(readVaultCode(session))),
    stop: () => {
      stop();
    },
  });
}

/** A store that is away when the agent starts is waited for. */
async function openPatiently(host: AgentHost, onEvent: (event: AgentEvent) => void, emit: (event: AgentEvent) => void): Promise<Session> {
  const backoff = new Backoff({ firstMs: 1000, maxMs: 5 * 60_000 }, systemRandom);
  for (;;) {
    try {
      return await openSession(host, onEvent);
    } catch (error) {
      host.signal.throwIfAborted();
      const { isAway, state, code } = afterFailure(error);
      if (!isAway || state !== 'offline' || !(error instanceof Failure)) throw error;
      emit({ event: 'state', state, code, message: error.message, action: error.action });
      await host.clock.sleep(backoff.nextMs(), host.signal);
    }
  }
}
