import net from 'node:net';
import { Failure, failureMeanings, type FailureCode } from '../base/failure.ts';
import { agentNewsSchema, type AgentNews } from './acts/agent-news.ts';
import { windowActs, type Answered, type Asked, type WindowAct } from './acts/window-acts.ts';
import { findControlPlace, type PlaceOptions } from './control-place.ts';
import { LineReader } from './line-reader.ts';
import {
  controlVersion,
  frameMaxBytes,
  replyMaxBytes,
  replySchema,
  type ControlEvent,
  type ControlQuestion,
  type ControlReply,
  type ControlRequest,
} from './messages.ts';

/** An agent that hangs keeps nobody waiting for ever; one that is at work answers a hello well within this time. */
const helloMaxMs = 30_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (failure: Failure) => void;
}

export interface ConnectOptions extends PlaceOptions {
  /** How long a hello is waited for; as long as is usual where left out. */
  readonly helloMs?: number;
}

/** The other end: one connection to the running agent of a profile. */
export class ControlClient {
  readonly #socket: net.Socket;
  readonly #onEvent: (event: ControlEvent) => void;
  readonly #lines = new LineReader(replyMaxBytes);
  readonly #waiting = new Map<number, Waiting>();
  #onNews: ((news: AgentNews) => void) | undefined;
  #lastId = 0;
  #ended: Failure | undefined;
  readonly #gone = Promise.withResolvers<void>();

  private constructor(socket: net.Socket, onEvent: (event: ControlEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#fail(new Failure('E_BUSY', 'the running agent ended', { action: 'try again' }));
      this.#gone.resolve();
    });
    socket.on('data', (piece) => this.#hear(piece));
  }

  /**
   * Connects to the agent of the profile; undefined where none is running. Throws E_LOCAL_PERMS, E_BUSY for one of another
   * version and for one that does not answer.
   */
  static async connect(
    profileDir: string,
    options: ConnectOptions,
    onEvent: (event: ControlEvent) => void = () => {},
  ): Promise<ControlClient | undefined> {
    const place = await findControlPlace(profileDir, options);
    const socket = place === undefined ? undefined : await openSocket(place.address);
    if (place === undefined || socket === undefined) return undefined;
    const client = new ControlClient(socket, onEvent);
    socket.setTimeout(options.helloMs ?? helloMaxMs, () => client.#giveUp());
    try {
      await client.#send({ do: 'hello', version: controlVersion, token: place.token });
      return client;
    } catch (error) {
      client.close();
      throw error;
    } finally {
      socket.setTimeout(0);
    }
  }

  /** Asks, and waits for the answer's result. Throws what the agent failed with; E_BUSY where it ended meanwhile. */
  ask(question: ControlQuestion): Promise<unknown> {
    return this.#send(question);
  }

  /** Asks as a window does. Throws as `ask`; E_FORMAT where the answer is not what was agreed upon, E_LIMIT for too much at once. */
  async askWindow<Act extends WindowAct>(act: Act, asked: Asked<Act>): Promise<Answered<Act>> {
    const answer = windowActs[act].answer.safeParse(await this.#send({ do: 'ask', act, asked }));
    // The schema of that very act: more than the compiler can follow.
    if (answer.success) return answer.data as Answered<Act>;
    throw new Failure('E_FORMAT', `the agent's answer to '${act}' makes no sense`, { action: 'use the same version of Cachette' });
  }

  /** From now on, `hear` is told what windows should look at again. */
  async listen(hear: (news: AgentNews) => void): Promise<void> {
    this.#onNews = hear;
    await this.#send({ do: 'listen' });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** When the connection has ended, from whichever side. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  #send(request: ControlQuestion | { do: 'hello'; version: number; token: string }): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#lastId += 1;
    const id = this.#lastId;
    const line = Buffer.from(`${JSON.stringify({ id, ...request } satisfies ControlRequest)}\n`);
    if (line.byteLength > frameMaxBytes) {
      return Promise.reject(new Failure('E_LIMIT', 'more was asked at once than the agent takes', { action: 'ask for less at once' }));
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#socket.write(line);
    return promise;
  }

  #hear(piece: Buffer): void {
    try {
      for (const line of this.#lines.take(piece)) this.#take(replySchema.parse(JSON.parse(line)));
    } catch (cause) {
      this.#fail(
        new Failure('E_FORMAT', 'the running agent said something that makes no sense', {
          action: 'restart `cachette sync --watch`',
          cause,
        }),
      );
      this.#socket.destroy();
    }
  }

  #take(reply: ControlReply): void {
    if ('tell' in reply) {
      const news = this.#onNews === undefined ? undefined : agentNewsSchema.safeParse(reply.tell);
      if (news?.success === true) this.#onNews?.(news.data);
      else this.#onEvent(reply.tell);
      return;
    }
    if (reply.id === undefined) {
      if (!reply.ok) this.#fail(toFailure(reply.failure));
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.result);
    else waiting?.reject(toFailure(reply.failure));
  }

  #giveUp(): void {
    this.#fail(
      new Failure('E_BUSY', 'the running agent does not answer', { action: 'try again; if that does not help, end it and start it anew' }),
    );
  }

  #fail(failure: Failure): void {
    this.#ended ??= failure;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

function toFailure({ code, message, action }: { readonly code: string; readonly message: string; readonly action: string }): Failure {
  return new Failure(code in failureMeanings ? (code as FailureCode) : 'E_FAILED', message, { action });
}

/** undefined where nobody listens. */
async function openSocket(address: string): Promise<net.Socket | undefined> {
  const socket = net.connect(address);
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket | undefined>();
  socket.once('connect', () => resolve(socket));
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
    else reject(new Failure('E_LOCAL_PERMS', `cannot reach the running agent at ${address}`, { subject: address, cause: error }));
  });
  return promise;
}
