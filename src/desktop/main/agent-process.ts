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
const endMaxMs = 10_000;
/** Of what it said last, for a person who wonders why it ended. */
const lastWordsMax = 2000;

export class AgentProcess {
  readonly #command: AgentCommand;
  readonly #listener: AgentListener;
  readonly #endedMs: number[] = [];
  #child: ChildProcess | undefined;
  #client: ControlClient | undefined;
  #condition: AgentCondition = { is: 'starting', why: '' };
  #lastWords = '';
  #isEnding = false;
  #waking = new AbortController();
  #life: Promise<void> = Promise.resolve();

  constructor(command: AgentCommand, listener: AgentListener) {
    this.#command = command;
    this.#listener = listener;
  }

  get condition(): AgentCondition {
    return this.#condition;
  }

  start(): void {
    this.#life = this.#live();
  }

  /** After it was given up, or while it waits to be started: now. */
  restart(): void {
    this.#endedMs.length = 0;
    this.#waking.abort();
    this.#client?.close();
    this.#child?.kill('SIGTERM');
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
    const child = this.#child;
    if (child !== undefined) {
      // Its input closing asks for the same where signals are not known.
      child.stdin?.end();
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), endMaxMs);
      await this.#life;
      clearTimeout(timer);
    }
    await this.#life;
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
      await this.#untilGone();
      return;
    }
    const gone = this.#spawn();
    const isThere = (): boolean => this.#child?.exitCode === null && this.#child.signalCode === null;
    for (let waitedMs = 0; isThere() && !this.#isEnding && waitedMs < connectMaxMs; waitedMs += connectEveryMs) {
      if (await this.#connect()) break;
      await sleep(connectEveryMs);
    }
    if (this.#client === undefined) this.#child?.kill('SIGTERM');
    await gone;
    this.#drop();
    this.#child = undefined;
  }

  #spawn(): Promise<void> {
    const { program, args, env } = this.#command;
    this.#lastWords = '';
    const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true });
    this.#child = child;
    // A parent that is gone closes the pipe; writing into one of a child that is gone is no news.
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-lastWordsMax);
    });
    return new Promise((resolve) => {
      child.once('error', (error) => {
        this.#lastWords = error.message;
        resolve();
      });
      child.once('exit', () => resolve());
    });
  }

  async #connect(): Promise<boolean> {
    const { profileDir, env } = this.#command;
    const place = { platform: process.platform, env };
    const client = await ControlClient.connect(profileDir, place).catch(() => undefined);
    if (client === undefined) return false;
    try {
      await client.listen(this.#listener.onNews);
    } catch {
      client.close();
      return false;
    }
    this.#client = client;
    this.#become('running');
    return true;
  }

  async #untilGone(): Promise<void> {
    await this.#client?.gone;
    this.#drop();
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
