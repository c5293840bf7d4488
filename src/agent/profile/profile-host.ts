/** The agent of a profile, whatever becomes of that profile: it serves windows and commands, and keeps a session while it can. */
import { Failure } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import type { AgentNewsKind } from '../../control/acts/agent-news.ts';
import { answerAct, type WindowAnswers } from '../../control/answer-act.ts';
import { makeControlPlace } from '../../control/control-place.ts';
import { ControlServer, type ControlHandlers } from '../../control/control-server.ts';
import type { ControlQuestion } from '../../control/messages.ts';
import { Secret } from '../../crypto/secret.ts';
import { acquireOwnerLock, type OwnerLock } from '../../index/file/owner-lock.ts';
import type { AgentEvent } from '../agent-event.ts';
import type { AgentHost } from '../agent-host.ts';
import { bytesThrough } from '../store/bytes-through.ts';
import { readKeyStorage } from '../keys/change-key-storage.ts';
import { Closing } from '../closing.ts';
import { keepSession, type Kept } from '../keep-session.ts';
import type { LinkedDevice } from '../devices/link-device.ts';
import { noteBug } from './note-bug.ts';
import { ProfileFolder } from './profile-folder.ts';
import { setPause } from './set-pause.ts';
import { stateAfterEnd, stateFor, whyNoSession, type ProfileState } from './profile-state.ts';
import { relayedHandlers, sessionHandlers, type SessionHandlers } from '../session-handlers.ts';
import { windowAnswers } from '../window/window-answers.ts';
import type { SaidState, WindowDesk } from '../window/window-desk.ts';
import { WindowNews } from '../window-news.ts';

/**
 * Serves the profile until `host.signal`, or until a client asks it to stop; then everything is put away, a set-up under way is
 * undone, and it returns. `onListening` is called once clients are heard. Throws E_BUSY (another Cachette owns the profile),
 * E_PROFILE_EXISTS (the folder holds something else), E_LOCAL_PERMS, E_DISK.
 */
export async function runProfileHost(host: AgentHost, onListening: () => void): Promise<void> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([host.signal, stopping.signal]);
  const folder = new ProfileFolder(host.profileDir);
  if (await folder.exists()) await folder.check();
  else await folder.make();
  const closing = new Closing();
  try {
    closing.add(() => folder.unmake());
    const lock = acquireOwnerLock(folder.file('lock'));
    closing.add(() => leave(folder, lock));
    const profile = new ProfileHost({ ...host, signal }, () => stopping.abort(new Error('asked to stop')));
    await profile.run(onListening);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await closing.run();
  }
}

/** Where nothing came of it, nothing stays. What is another's once the lock is given back is left alone. */
async function leave(folder: ProfileFolder, lock: OwnerLock): Promise<void> {
  let isLinked = true;
  try {
    isLinked = await folder.exists();
    if (!isLinked) await folder.clear();
  } finally {
    lock.release();
  }
  if (!isLinked) await folder.removeLock();
}

/** What waits until no session is open. */
interface Errand {
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

class ProfileHost implements WindowDesk {
  readonly host: AgentHost;
  readonly #stop: () => void;
  readonly #news: WindowNews;
  readonly #answers: WindowAnswers;
  readonly #errands: Errand[] = [];
  #server: ControlServer | undefined;
  #state: ProfileState = { is: 'unlinked' };
  #kept: Kept | undefined;
  #handlers: SessionHandlers | undefined;
  #said: SaidState | undefined;
  /** Why there is no session yet, while it rests before it asks the store again. */
  #away: Failure | undefined;
  /** Ends that rest. */
  #asking = new AbortController();
  #passphrase: Secret<string> | undefined;
  #restedBytes = 0;
  #linking: AbortController | undefined;
  /** Settled once a session is open, or could not be opened. */
  #opening = Promise.withResolvers<Kept>();
  /** Ends the session, or the rest. */
  #waking = new AbortController();

  constructor(host: AgentHost, stop: () => void) {
    this.#stop = stop;
    this.host = {
      ...host,
      askPassphrase: () => this.#givePassphrase(),
      agent: { ask: (question) => this.#askSelf(question) },
    };
    this.#news = new WindowNews(host.clock, (news) => this.#server?.tellWindows(news), host.signal);
    this.#answers = windowAnswers(this);
    this.#opening.promise.catch(() => {});
  }

  get state(): ProfileState {
    return this.#state;
  }

  get kept(): Kept | undefined {
    return this.#kept;
  }

  get said(): SaidState | undefined {
    return this.#said;
  }

  get restedBytes(): number {
    return this.#restedBytes;
  }

  async run(onListening: () => void): Promise<never> {
    const { signal } = this.host;
    const place = await makeControlPlace(this.host.profileDir, this.host, systemRandom);
    this.#become(await this.#nextState());
    const server = await ControlServer.start(place, this.#controlHandlers());
    this.#server = server;
    try {
      onListening();
      for (;;) {
        signal.throwIfAborted();
        await this.#runErrands();
        if (this.#state.is === 'opening') await this.#keep();
        else await this.#rest();
      }
    } finally {
      for (const { reject } of this.#errands.splice(0)) reject(new Failure('E_BUSY', 'the agent ended', { action: 'try again' }));
      await server.close();
    }
  }

  whenKept(): Promise<Kept> {
    const why = whyNoSession(this.#state) ?? (this.#kept === undefined ? this.#away : undefined);
    if (why !== undefined) return Promise.reject(why);
    return this.#kept === undefined ? this.#opening.promise : Promise.resolve(this.#kept);
  }

  whileClosed<Result>(act: () => Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const run = async (): Promise<void> => {
      const outcome = await Promise.allSettled([act()]);
      // Whoever is answered finds what the answer says.
      this.#become(await this.#stateAfterErrands());
      if (outcome[0].status === 'fulfilled') resolve(outcome[0].value);
      else reject(outcome[0].reason);
    };
    this.#errands.push({ run, reject });
    this.#wake();
    return promise;
  }

  async link<Linked extends LinkedDevice>(passphrase: string | undefined, act: (host: AgentHost) => Promise<Linked>): Promise<Linked> {
    if (this.#linking !== undefined) throw new Failure('E_BUSY', 'a folder is being linked already');
    if (this.#state.is !== 'unlinked') throw new Failure('E_PROFILE_EXISTS', 'a folder is linked already', { action: 'unlink it first' });
    const linking = new AbortController();
    this.#linking = linking;
    const host = { ...this.host, signal: AbortSignal.any([this.host.signal, linking.signal]), askPassphrase: () => given(passphrase) };
    try {
      return await this.whileClosed(async () => {
        host.signal.throwIfAborted();
        const linked = await act(host);
        this.knowPassphrase(passphrase);
        this.#become(await this.#nextState());
        return linked;
      });
    } catch (error) {
      if (!host.signal.aborted) throw error;
      throw new Failure('E_BUSY', 'the set-up was stopped; nothing is left of it', { action: 'begin again when you like', cause: error });
    } finally {
      this.#linking = undefined;
    }
  }

  stopLinking(): void {
    this.#linking?.abort(new Error('asked to stop the set-up'));
  }

  async unlock(passphrase: string): Promise<void> {
    if (this.#state.is === 'unlinked') await this.whenKept();
    if (this.#state.is !== 'locked') return;
    this.#passphrase = new Secret(passphrase);
    this.#become({ is: 'opening', isProven: false });
    this.#wake();
    await this.#opening.promise.catch(tellIfWrong);
  }

  knowPassphrase(passphrase: string | undefined): void {
    this.#passphrase = passphrase === undefined ? undefined : new Secret(passphrase);
  }

  retry(): void {
    this.#away = undefined;
    this.#asking.abort();
    if (this.#state.is !== 'stopped') return;
    this.#become({ is: 'opening', isProven: true });
    this.#wake();
  }

  tell(...kinds: readonly AgentNewsKind[]): void {
    this.#news.add(...kinds);
  }

  tellCode(code: string): void {
    this.#server?.tellWindows({ event: 'join-code', code });
  }

  #controlHandlers(): ControlHandlers {
    const relayed = relayedHandlers(async () => {
      await this.whenKept();
      if (this.#handlers === undefined) throw new Failure('E_BUSY', 'the session ended meanwhile', { action: 'try again' });
      return this.#handlers;
    });
    return {
      ...relayed,
      // What only the index has to know needs no session.
      pause: () => setPause(this.host, () => this.#kept?.loop, { untilMs: undefined }),
      resume: () => setPause(this.host, () => this.#kept?.loop, undefined),
      select: () => this.#kept?.loop.look(),
      sync: (request) => {
        this.retry();
        return relayed.sync(request);
      },
      ask: ({ act, asked }) => answerAct(this.#answers, act, asked).catch((error: unknown) => this.#note(error)),
      stop: () => {
        this.#stop();
      },
    };
  }

  /** A fault of ours is told without its details: they are in the log. */
  #note(error: unknown): never {
    if (!(error instanceof Failure) || error.code === 'E_FAILED') noteBug(this.host.profileDir, error);
    throw error;
  }

  async #askSelf(question: ControlQuestion): Promise<unknown> {
    const handler = this.#controlHandlers()[question.do as keyof ControlHandlers] as (asked: unknown) => unknown;
    return handler({ id: 0, ...question });
  }

  /** Keeps a session until it ends, or until something has to be done without one. */
  async #keep(): Promise<void> {
    const waking = this.#waking;
    const signal = AbortSignal.any([this.host.signal, waking.signal]);
    try {
      await keepSession(
        { ...this.host, signal },
        { emit: (event) => this.#hear(event), onOpen: (kept) => this.#take(kept), onAway: (why) => this.#wait(why) },
      );
    } catch (error) {
      this.host.signal.throwIfAborted();
      if (waking.signal.aborted) this.#waking = new AbortController();
      else this.#become(stateAfterEnd(error, await this.#facts()));
    }
  }

  async #take(kept: Kept): Promise<() => Promise<void>> {
    this.#kept = kept;
    this.#handlers = sessionHandlers(kept);
    this.#become({ is: 'opening', isProven: true });
    this.#said = undefined;
    this.#restedBytes = 0;
    this.#opening.resolve(kept);
    this.#news.add('state', 'folders', 'devices', 'settings');
    return () => {
      this.#kept = undefined;
      this.#handlers = undefined;
      this.#renewOpening();
      return Promise.resolve();
    };
  }

  #hear(event: AgentEvent): void {
    if (event.event === 'state') {
      const { state, code, message = '', action = '' } = event;
      if (state !== 'syncing' && this.#kept !== undefined) this.#restedBytes = bytesThrough(this.#kept.session.metrics);
      this.#said = { state, why: code === undefined ? undefined : { code, message, action } };
    }
    this.#server?.tell(event);
    this.#news.hear(event);
  }

  /** The keys opened; only the store is away. Whoever waits need not wait for that. */
  #wait(why: Failure): AbortSignal {
    this.#become({ is: 'opening', isProven: true });
    this.#away = why;
    this.#opening.reject(why);
    this.#renewOpening();
    this.#asking = new AbortController();
    return this.#asking.signal;
  }

  #renewOpening(): void {
    this.#opening = Promise.withResolvers<Kept>();
    this.#opening.promise.catch(() => {});
  }

  async #rest(): Promise<void> {
    const { signal, clock } = this.host;
    const retryMs = this.#state.is === 'stopped' ? this.#state.retryMs : undefined;
    const woken = AbortSignal.any([signal, this.#waking.signal]);
    try {
      if (retryMs === undefined) await untilAborted(woken);
      else await clock.sleep(retryMs, woken);
      this.retry();
    } catch (error) {
      if (!woken.aborted) throw error;
    }
    this.#waking = new AbortController();
  }

  async #runErrands(): Promise<void> {
    for (let errand = this.#errands.shift(); errand !== undefined; errand = this.#errands.shift()) await errand.run();
  }

  /** What was done may have made a profile, or taken it away. */
  async #stateAfterErrands(): Promise<ProfileState> {
    const { isLinked } = await this.#facts();
    return isLinked === (this.#state.is !== 'unlinked') ? this.#state : this.#nextState();
  }

  async #nextState(): Promise<ProfileState> {
    return stateFor({ ...(await this.#facts()), hasPassphrase: this.#passphrase !== undefined });
  }

  async #facts(): Promise<{ readonly isLinked: boolean; readonly isSealed: boolean }> {
    const folder = new ProfileFolder(this.host.profileDir);
    if (!(await folder.exists())) return { isLinked: false, isSealed: false };
    // Keys that can't be read say themselves what is wrong, when a session is opened.
    const kind = await readKeyStorage(folder.dir).catch(() => 'file');
    return { isLinked: true, isSealed: kind === 'passphrase' };
  }

  #become(state: ProfileState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#away = undefined;
    this.#news.add('state');
    const why = whyNoSession(state);
    if (why === undefined) return;
    this.#said = undefined;
    if (state.is !== 'stopped') this.#passphrase = undefined;
    this.#opening.reject(why);
    this.#renewOpening();
  }

  #givePassphrase(): Promise<string> {
    return given(this.#passphrase?.reveal());
  }

  #wake(): void {
    this.#waking.abort();
  }
}

async function given(passphrase: string | undefined): Promise<string> {
  if (passphrase !== undefined) return passphrase;
  throw new Failure('E_LOCKED', 'a passphrase is needed', { action: 'type it' });
}

/** A store that is away says nothing against a passphrase. */
function tellIfWrong(error: unknown): void {
  if (error instanceof Failure && error.exitCode === 4) return;
  if (!(error instanceof Failure) || error.code !== 'E_LOCKED') throw error;
  throw new Failure('E_LOCKED', 'this passphrase does not open the keys of this device', { action: 'try again', cause: error });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
