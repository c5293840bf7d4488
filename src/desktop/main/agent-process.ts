/** The agent as a process of its own: started, watched, started again, ended. What it does is behind the control contract. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure.ts';
import { ControlClient } from '../../control/control-client.ts';
import type { AgentNews } from '../../control/acts/agent-news.ts';
import type { Answered, Asked, WindowAct } from '../../control/acts/window-acts.ts';
import type { ControlQuestion } from '../../control/messages.ts';
import { isBusy, planRestart } from './restart-plan.ts';

/** How the agent is started, and whose. */
export interface AgentCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly profileDir: string;
}

/** How it fares, for people. */
export interface AgentCondition {
  readonly is: 'starting' | 'running' | 'restarting' | 'failed';
  readonly why: string;
}

/** Whoever wants to know. */
export interface AgentListener {
  readonly onNews: (news: AgentNews) => void;
  readonly onCondition: (condition: AgentCondition) => void;
}

const connectEveryMs = 50;
const connectMaxMs = 60_000;
/** An agent that lives and hangs up is called again after this time. */
const callAgainMs = 1000;
/** An agent that does not end by itself is ended after this time, and waited for no longer than the next one. */
const endMaxMs = 10_000;
const endedMaxMs = 2_000;
/** Of what it said last, for a person who wonders why it ended. */
const lastWordsMax = 2000;

export class AgentProcess {
  readonly #command: AgentCommand;
  readonly #listener: AgentListener;
  readonly #endMaxMs: number;
  readonly #endedMs: number[] = [];
  #child: ChildProcess | undefined;
  /** The one that was asked to end. */
  #asked: ChildProcess | undefined;
  #client: ControlClient | undefined;
  #condition: AgentCondition = { is: 'starting', why: '' };
  #lastWords = '';
  #isEnding = false;
  #waking = new AbortController();
  #life: Promise<void> = Promise.resolve();

  constructor(command: AgentCommand, listener: AgentListener, endMs = endMaxMs) {
    this.#command = command;
    this.#listener = listener;
    this.#endMaxMs = endMs;
  }

  get condition(): AgentCondition {
    return this.#condition;
  }

  start(): void {
    this.#life = this.#live();
  }

  /** After it was given up, or while it waits to be started: now. Also one that hangs. */
  restart(): void {
    this.#endedMs.length = 0;
    this.#waking.abort();
    this.#client?.close();
    this.#endChild();
    if (this.#condition.is === 'failed') this.start();
  }

  /** Asks what windows may ask. Throws what the agent failed with; E_BUSY while it is not there. */
  ask<Act extends WindowAct>(act: Act, asked: Asked<Act>): Promise<Answered<Act>> {
    return this.#connected().askWindow(act, asked);
  }

  /** Asks what any process of this person may ask. */
  askPlainly(question: ControlQuestion): Promise<unknown> {
    return this.#connected().ask(question);
  }

  /** Ends it cleanly, and hard where it takes too long. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#waking.abort();
    this.#client?.close();
    this.#endChild();
    // Whoever quits does not wait for ever, whatever it is that hangs: an agent of a command line can't be ended from here.
    await Promise.race([this.#life, sleep(this.#endMaxMs + endedMaxMs, undefined, { ref: false })]);
  }

  /** Once for each: asked again, it would leave everything as it is, and end at once. */
  #endChild(): void {
    const child = this.#child;
    if (child === undefined || child === this.#asked) return;
    this.#asked = child;
    // Its input closing asks for the same where signals are not known: on Windows each of them would end it on the spot.
    child.stdin?.end();
    if (process.platform !== 'win32') child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#endMaxMs);
    child.once('exit', () => clearTimeout(timer));
  }

  #connected(): ControlClient {
    if (this.#client === undefined)
      throw new Failure('E_BUSY', 'the engine is not running yet', { action: 'it is started by itself: try again in a moment' });
    return this.#client;
  }

  async #live(): Promise<void> {
    while (!this.#isEnding) {
      this.#waking = new AbortController();
      this.#become(this.#endedMs.length === 0 ? 'starting' : 'restarting');
      await this.#liveOnce();
      if (this.#isEnding) return;
      // That another process is at work is no fault of the agent's.
      if (!isBusy(this.#lastWords)) this.#endedMs.push(Date.now());
      const plan = planRestart(this.#endedMs, this.#lastWords);
      if (plan.do === 'give-up') {
        this.#become('failed');
        return;
      }
      this.#become('restarting');
      await sleep(plan.ms, undefined, { signal: this.#waking.signal }).catch(() => {});
    }
  }

  /** From its start to its end. One that is there already, of a command line, is taken as it is. */
  async #liveOnce(): Promise<void> {
    if (await this.#connect()) {
      await this.#client?.gone;
      this.#drop();
      return;
    }
    if (this.#isEnding) return;
    const gone = this.#spawn();
    // As long as it lives: a connection can end before it does.
    while (this.#isThere && !this.#isEnding && (await this.#reach())) {
      await Promise.race([gone, this.#client?.gone]);
      this.#drop();
      if (!this.#isThere || this.#isEnding) break;
      this.#become('restarting');
      await Promise.race([gone, sleep(callAgainMs, undefined, { ref: false })]);
    }
    this.#endChild();
    await gone;
    this.#child = undefined;
  }

  get #isThere(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Whether it could be connected to, in time. */
  async #reach(): Promise<boolean> {
    const untilMs = performance.now() + connectMaxMs;
    while (this.#isThere && !this.#isEnding && performance.now() < untilMs) {
      if (await this.#connect()) return true;
      await sleep(connectEveryMs);
    }
    return false;
  }

  #spawn(): Promise<void> {
    this.#lastWords = '';
    const { promise, resolve } = Promise.withResolvers<void>();
    const fail = (error: unknown): void => {
      this.#lastWords = error instanceof Error ? error.message : String(error);
      resolve();
    };
    try {
      const { program, args, env } = this.#command;
      const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true });
      this.#child = child;
      // Each time: one that nobody hears ends the whole app.
      child.on('error', fail);
      child.once('exit', () => resolve());
      // A parent that is gone closes the pipe; writing into one of a child that is gone is no news.
      child.stdin.on('error', () => {});
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        this.#lastWords = `${this.#lastWords}${text}`.slice(-lastWordsMax);
      });
    } catch (error) {
      // The system has no room for another process, or for its pipes.
      this.#child = undefined;
      fail(error);
    }
    return promise;
  }

  async #connect(): Promise<boolean> {
    const { profileDir, env } = this.#command;
    const place = { platform: process.platform, env };
    const client = await ControlClient.connect(profileDir, place).catch(() => undefined);
    if (client === undefined) return false;
    const isHeard = await client.listen(this.#listener.onNews).then(
      () => true,
      () => false,
    );
    if (!isHeard || this.#isEnding) {
      client.close();
      return false;
    }
    this.#client = client;
    this.#become('running');
    return true;
  }

  #drop(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  #become(is: AgentCondition['is']): void {
    const why = is === 'running' || is === 'starting' ? '' : (this.#lastWords.trim().split('\n').at(-1) ?? '');
    this.#condition = { is, why };
    if (!this.#isEnding) this.#listener.onCondition(this.#condition);
  }
}
