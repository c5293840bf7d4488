import { timingSafeEqual } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import { Failure } from '../base/failure.ts';
import type { ControlPlace } from './control-place.ts';
import { LineReader } from './line-reader.ts';
import {
  controlVersion,
  frameMaxBytes,
  requestSchema,
  type ControlAct,
  type ControlEvent,
  type ControlReply,
  type ControlRequest,
  type ControlRequestFor,
} from './messages.ts';

/** Does what is asked; what it gives is the answer's result. A Failure becomes the answer. */
export type ControlHandlers = { readonly [Act in Exclude<ControlAct, 'events'>]: (request: ControlRequestFor<Act>) => unknown };

const connectionsMax = 32;
/** A listener that takes so little of what it asked for is let go. */
const backlogMaxBytes = 4 * 1024 * 1024;
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

interface ConnectionDeps {
  readonly token: string;
  readonly handlers: ControlHandlers;
}

class Connection {
  readonly #socket: net.Socket;
  readonly #deps: ConnectionDeps;
  readonly #lines = new LineReader(frameMaxBytes);
  #isKnown = false;
  wantsEvents = false;

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
    this.#socket.write(`${JSON.stringify(reply)}\n`);
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
    else if (request.do === 'events') {
      this.wantsEvents = true;
      this.send({ id: request.id, ok: true });
    } else void this.#answer(request);
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
    this.#socket.setTimeout(0);
    this.send({ id, ok: true, result: { version: controlVersion, pid: process.pid } });
  }

  async #answer(request: Exclude<ControlRequest, { do: 'hello' | 'events' }>): Promise<void> {
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

/** Takes as long whatever they are. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
