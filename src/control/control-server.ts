import { timingSafeEqual } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import { Failure } from '../base/failure.ts';
import type { AgentNews } from './acts/agent-news.ts';
import type { ControlPlace } from './control-place.ts';
import { LineReader } from './line-reader.ts';
import {
  controlVersion,
  frameMaxBytes,
  helloMaxBytes,
  replyMaxBytes,
  requestSchema,
  type ControlAct,
  type ControlEvent,
  type ControlReply,
  type ControlRequest,
  type ControlRequestFor,
} from './messages.ts';

/** What changes what a connection hears. */
type ListeningAct = 'events' | 'listen';

/** Does what is asked; what it gives is the answer's result. A Failure becomes the answer. */
export type ControlHandlers = { readonly [Act in Exclude<ControlAct, ListeningAct>]: (request: ControlRequestFor<Act>) => unknown };

const connectionsMax = 32;
/** A listener that takes so little of what it asked for is let go. */
const backlogMaxBytes = 2 * replyMaxBytes;
/** Requests of one connection that are worked on at once; the others wait, and nothing more is read until their turn comes. */
const openMax = 64;
const helloMaxMs = 10_000;
/** A peer that takes nothing any more (a stopped process) keeps nobody from ending. */
const endMaxMs = 1_000;

/** The agent's end: listens until closed. */
export class ControlServer {
  readonly #place: ControlPlace;
  readonly #handlers: ControlHandlers;
  readonly #server: net.Server;
  readonly #connections = new Set<Connection>();

  private constructor(place: ControlPlace, handlers: ControlHandlers) {
    this.#place = place;
    this.#handlers = handlers;
    this.#server = net.createServer((socket) => this.#greet(socket));
    this.#server.maxConnections = connectionsMax;
  }

  /** Throws E_LOCAL_PERMS where the place can't be listened at. */
  static async start(place: ControlPlace, handlers: ControlHandlers): Promise<ControlServer> {
    const control = new ControlServer(place, handlers);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    control.#server.once('error', reject);
    // Nobody else's, from the first moment.
    const mask = process.umask(0o177);
    try {
      control.#server.listen(place.address, resolve);
    } finally {
      process.umask(mask);
    }
    try {
      await promise;
    } catch (cause) {
      throw new Failure('E_LOCAL_PERMS', `cannot listen at ${place.address}`, { subject: place.address, cause });
    }
    // Somebody who could not be let in, for lack of open files, tries again.
    control.#server.on('error', () => {});
    if (process.platform !== 'win32') await fs.chmod(place.address, 0o600);
    return control;
  }

  /** Tells everybody who asked for events. */
  tell(event: ControlEvent): void {
    for (const connection of this.#connections) if (connection.wantsEvents) connection.send({ tell: event });
  }

  /** Tells all windows. */
  tellWindows(news: AgentNews): void {
    for (const connection of this.#connections) if (connection.wantsNews) connection.send({ tell: news });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const connection of this.#connections) connection.end();
    await closed;
  }

  #greet(socket: net.Socket): void {
    const connection = new Connection(socket, { token: this.#place.token, handlers: this.#handlers });
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }
}

/** What the handlers do. */
type WorkRequest = Exclude<ControlRequest, { do: 'hello' | ListeningAct }>;

interface ConnectionDeps {
  readonly token: string;
  readonly handlers: ControlHandlers;
}

class Connection {
  readonly #socket: net.Socket;
  readonly #deps: ConnectionDeps;
  readonly #lines = new LineReader(helloMaxBytes);
  readonly #waiting: WorkRequest[] = [];
  #openCount = 0;
  #isKnown = false;
  wantsEvents = false;
  wantsNews = false;

  constructor(socket: net.Socket, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    socket.setTimeout(helloMaxMs, () => {
      if (!this.#isKnown) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('data', (piece) => this.#hear(piece));
  }

  send(reply: ControlReply): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const line = Buffer.from(`${JSON.stringify(reply)}\n`);
    if (line.byteLength > replyMaxBytes) this.send(refusal('id' in reply ? reply.id : undefined, tooLong()));
    else this.#socket.write(line);
    if (this.#socket.writableLength > backlogMaxBytes) this.#socket.destroy();
  }

  /** After what was sent. */
  end(): void {
    this.#socket.setTimeout(endMaxMs, () => this.#socket.destroy());
    this.#socket.end(() => this.#socket.destroy());
  }

  #hear(piece: Buffer): void {
    try {
      for (const line of this.#lines.take(piece)) {
        if (this.#socket.destroyed || this.#socket.writableEnded) return;
        this.#take(readRequest(line));
      }
    } catch (error) {
      // Whoever speaks otherwise is not listened to any longer.
      this.send(refusal(undefined, error));
      this.end();
    }
  }

  #take(request: ControlRequest): void {
    if (request.do === 'hello') this.#know(request);
    else if (!this.#isKnown)
      throw new Failure('E_LOCKED', 'the first message has to be a hello', { action: 'use the same version of Cachette' });
    else if (request.do === 'events' || request.do === 'listen') {
      if (request.do === 'events') this.wantsEvents = true;
      else this.wantsNews = true;
      this.send({ id: request.id, ok: true });
    } else {
      this.#waiting.push(request);
      this.#goOn();
    }
  }

  /** As many at once as may be. Whoever asks faster than it is answered waits. */
  #goOn(): void {
    while (this.#openCount < openMax) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#openCount += 1;
      void this.#answer(next).then(() => {
        this.#openCount -= 1;
        this.#goOn();
      });
    }
    if (this.#waiting.length > 0) this.#socket.pause();
    else this.#socket.resume();
  }

  #know({ id, version, token }: Extract<ControlRequest, { do: 'hello' }>): void {
    if (!isSame(token, this.#deps.token))
      throw new Failure('E_LOCKED', 'this is not the token of the running agent', { action: 'try again' });
    if (version !== controlVersion) {
      throw new Failure('E_BUSY', `the running agent speaks version ${controlVersion}, not ${version}`, {
        action: 'restart `cachette sync --watch`',
      });
    }
    this.#isKnown = true;
    this.#lines.maxBytes = frameMaxBytes;
    this.#socket.setTimeout(0);
    this.send({ id, ok: true, result: { version: controlVersion, pid: process.pid } });
  }

  async #answer(request: WorkRequest): Promise<void> {
    const { id } = request;
    // The handler of that very kind of request: more than the compiler can follow.
    const handler = this.#deps.handlers[request.do] as (asked: ControlRequest) => unknown;
    try {
      this.send({ id, ok: true, result: await handler(request) });
    } catch (error) {
      this.send(refusal(id, error));
    }
  }
}

function readRequest(line: string): ControlRequest {
  try {
    return requestSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Failure('E_FORMAT', 'a message that is no request', { cause });
  }
}

function refusal(id: number | undefined, error: unknown): ControlReply {
  const failure = error instanceof Failure ? error : new Failure('E_FAILED', 'the agent failed', { cause: error });
  const { code, message, action } = failure;
  return { ...(id === undefined ? {} : { id }), ok: false, failure: { code, message, action } };
}

function tooLong(): Failure {
  return new Failure('E_LIMIT', `the answer has more than ${replyMaxBytes} bytes`, { action: 'ask for less at once' });
}

/** Takes as long whatever they are. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
