import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock.ts';

import got, { type Request as GotRequest } from 'got';
import { Failure } from '../../base/failure.ts';
import { type HttpAgents, type HttpRoute, openHttpAgents } from './http-agents.ts';
import { type HttpWay, noConnection, proxyRefuses, toHttpTrouble } from './http-failure.ts';
import { SharedLine, type TransferSpeed, TransferWatch } from './transfer-watch.ts';
import { watchConnecting } from './watch-connecting.ts';

export interface HttpConnectionOptions {
  /** `https://host:port`: nothing is ever sent anywhere else. */
  readonly origin: string;
  readonly clock: Clock;
  readonly patience?: HttpPatience | undefined;
  /** Straight there, and only the usual authorities, unless given. */
  readonly route?: HttpRoute | undefined;
}

/** How long a server may take. */
export interface HttpPatience {
  /** For each of name, connection and TLS. */
  readonly connectMs: number;
  /** From the last byte sent to the head of the answer. */
  readonly answerMs: number;
  readonly speed: TransferSpeed;
}

/** The slowest line that works is one of 2 KB/s: it brings a small object while seven others are on their way, and also the largest. */
export const defaultPatience: HttpPatience = {
  connectMs: 15_000,
  answerMs: 40_000,
  speed: { windowMs: 30_000, minBytesPerSecond: 512, graceMs: 10 * 60_000, minMeanBytesPerSecond: 1536 },
};

export interface HttpAsk {
  readonly method: 'GET' | 'PUT' | 'DELETE' | 'PROPFIND' | 'MKCOL' | 'MOVE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: readonly Uint8Array[] | undefined;
  /** Of the answer's body; by its status where that says which body it is. */
  readonly maxBytes: number | ((status: number) => number);
  /** More time until the answer, for a server that holds it back on purpose. */
  readonly holdMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly pace?: ((bytes: number) => Promise<void>) | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Of an answer that is no success: what it says of itself, or nothing where that is longer than anybody needs. */
  readonly bytes: Uint8Array;
}

/** Thrown by `ask`: the failure, and whether the server may have acted on the request all the same. */
export class HttpAskFailed extends Error {
  override readonly name = 'HttpAskFailed';
  readonly failure: Failure;
  readonly wasSent: boolean;
  /** Of a redirect, for those who can tell more about it than where it leads. */
  readonly headers: IncomingHttpHeaders;

  constructor(failure: Failure, wasSent: boolean, headers: IncomingHttpHeaders = {}) {
    super(failure.message);
    this.failure = failure;
    this.wasSent = wasSent;
    this.headers = headers;
  }
}

/** Ends a request; whether the server may have acted on it. */
type Stop = (failure: Failure, wasSent: boolean) => void;

const maxHeaderBytes = 64 * 1024;
/** Bodies of refusals are read so far, to keep the connection; a longer one costs the server the connection. */
const maxRefusalBytes = 16 * 1024;
const pieceBytes = 64 * 1024;
/** Small enough that a slow limit still moves something in every window that the server looks at. */
const pacedPieceBytes = 16 * 1024;
/** What may still lie in buffers on the way when the last byte was handed over, and the slowest line to drain it. */
const bufferedBytes = 4 * 1024 * 1024;
const drainBytesPerSecond = 16 * 1024;

/** Requests to one origin, safe against whatever it answers: no redirects, no decoding, a limit on all sizes and times. */
export class HttpConnection {
  readonly #options: HttpConnectionOptions;
  readonly #patience: HttpPatience;
  readonly #host: string;
  readonly #agents: HttpAgents;
  readonly #line = new SharedLine();

  constructor(options: HttpConnectionOptions) {
    this.#options = options;
    this.#patience = options.patience ?? defaultPatience;
    this.#host = new URL(options.origin).host;
    this.#agents = openHttpAgents(options.origin, options.route ?? {});
  }

  /** Any answer that is no redirect, whatever its status. Throws HttpAskFailed, or the signal's reason. */
  async ask(ask: HttpAsk): Promise<HttpAnswer> {
    ask.signal?.throwIfAborted();
    const stalled = new AbortController();
    const stop: Stop = (failure, wasSent) => {
      stalled.abort(new HttpAskFailed(failure, wasSent));
    };
    const onStall = (): void => stop(tooSlow(this.#host), true);
    const watch = new TransferWatch(this.#options.clock, this.#patience.speed, onStall, this.#line);
    const request = this.#begin(ask, watch, stalled.signal);
    request.once('request', (sent: ClientRequest) => this.#watchRequest(sent, stop));
    try {
      return await this.#answer(request, ask, watch);
    } catch (error) {
      ask.signal?.throwIfAborted();
      if (error instanceof HttpAskFailed) throw error;
      if (stalled.signal.reason instanceof HttpAskFailed) throw stalled.signal.reason;
      const { failure, wasSent } = toHttpTrouble(error, this.#way);
      throw new HttpAskFailed(failure, wasSent);
    } finally {
      watch.stop();
      request.destroy();
    }
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  get #way(): HttpWay {
    return { host: this.#host, proxyHost: this.#agents.proxyHost };
  }

  /** What the HTTP client would wait for without an end. */
  #watchRequest(sent: ClientRequest, stop: Stop): void {
    const { clock, origin } = this.#options;
    const agent = origin.startsWith('https:') ? this.#agents.https : this.#agents.http;
    // Name, connection and TLS have that much each, and whatever stands on the way no more than they.
    const limitMs = 3 * this.#patience.connectMs;
    watchConnecting(sent, { clock, limitMs, agent, onStall: () => stop(noConnection(this.#way), false) });
    // To an answer in another protocol there is no end.
    sent.once('upgrade', (_answer: unknown, socket: Duplex) => {
      socket.destroy();
      stop(otherProtocol(this.#host), true);
    });
  }

  #begin(ask: HttpAsk, watch: TransferWatch, stalled: AbortSignal): GotRequest {
    const { connectMs, answerMs } = this.#patience;
    const bodyBytes = ask.body?.reduce((sum, part) => sum + part.byteLength, 0) ?? 0;
    const drainMs = (Math.min(bodyBytes, bufferedBytes) / drainBytesPerSecond) * 1000;
    const request = got.stream(this.#options.origin + ask.path, {
      method: ask.method,
      headers: { 'user-agent': 'cachette', 'accept-encoding': 'identity', ...bodyHeaders(ask, bodyBytes), ...ask.headers },
      ...clientBody(ask, watch),
      agent: { http: this.#agents.http, https: this.#agents.https },
      signal: ask.signal === undefined ? stalled : AbortSignal.any([stalled, ask.signal]),
      timeout: { lookup: connectMs, connect: connectMs, secureConnect: connectMs, response: answerMs + drainMs + (ask.holdMs ?? 0) },
      retry: { limit: 0 },
      followRedirect: false,
      decompress: false,
      throwHttpErrors: false,
      maxHeaderSize: maxHeaderBytes,
    });
    // A request may wait for a free connection: only then does the peer's time run.
    if (bodyBytes > 0) {
      request.once('request', (sent: ClientRequest) => {
        sent.once('socket', () => {
          // A body that is in the client's buffer as a whole is the answer's business.
          if (!sent.writableEnded) watch.start();
        });
      });
    }
    return request;
  }

  async #answer(request: GotRequest, ask: HttpAsk, watch: TransferWatch): Promise<HttpAnswer> {
    const head = await headOf(request);
    this.#checkHead(head);
    const { statusCode: status, headers } = head;
    const isSuccess = status >= 200 && status < 300;
    const maxBytes = typeof ask.maxBytes === 'number' ? ask.maxBytes : ask.maxBytes(status);
    const bytes = await readBody(request, {
      declaredBytes: Number.parseInt(headers['content-length'] ?? '0', 10),
      maxBytes: isSuccess ? maxBytes : maxRefusalBytes,
      watch,
      pace: isSuccess ? ask.pace : undefined,
    });
    if (bytes === 'too-large' && isSuccess) {
      throw new Failure('E_LIMIT', `${this.#host} sent more than the ${maxBytes} bytes allowed`, { subject: this.#host });
    }
    return { status, headers, bytes: bytes === 'too-large' ? new Uint8Array(0) : bytes };
  }

  #checkHead({ statusCode: status, headers }: Head): void {
    if (status >= 300 && status < 400 && status !== 304) {
      throw new HttpAskFailed(redirected(this.#host, status, headers.location), true, headers);
    }
    if (status === 407 && this.#agents.proxyHost !== undefined) throw new HttpAskFailed(proxyRefuses(this.#agents.proxyHost), false);
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new Failure('E_STORE_BEHAVIOUR', `${this.#host} encoded its answer although that was declined`, { subject: this.#host });
    }
  }
}

interface Head {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
}

function headOf(request: GotRequest): Promise<Head> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays, so that an error after the head (which the body's reader gets too) is never unhandled.
    request.on('error', reject);
  });
}

function bodyHeaders(ask: HttpAsk, bodyBytes: number): Record<string, string> {
  return ask.body === undefined ? {} : { 'content-type': 'application/octet-stream', 'content-length': String(bodyBytes) };
}

/** A DELETE without a body would wait for one to be piped into it. */
function clientBody(ask: HttpAsk, watch: TransferWatch): { readonly body?: AsyncGenerator<Uint8Array> | string } {
  if (ask.body !== undefined) return { body: pieces(ask.body, ask, watch) };
  return ask.method === 'GET' ? {} : { body: '' };
}

async function* pieces(parts: readonly Uint8Array[], { pace }: HttpAsk, watch: TransferWatch): AsyncGenerator<Uint8Array> {
  const stepBytes = pace === undefined ? pieceBytes : pacedPieceBytes;
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; at += stepBytes) {
      const piece = part.subarray(at, at + stepBytes);
      if (pace !== undefined) await watch.pause(pace(piece.byteLength));
      yield piece;
      watch.moved(piece.byteLength);
    }
  }
  watch.stop();
}

interface BodyLimits {
  readonly declaredBytes: number;
  readonly maxBytes: number;
  readonly watch: TransferWatch;
  readonly pace: HttpAsk['pace'];
}

async function readBody(request: GotRequest, { declaredBytes, maxBytes, watch, pace }: BodyLimits): Promise<Uint8Array | 'too-large'> {
  if (declaredBytes > maxBytes) return 'too-large';
  // Of a declared length, each piece goes to its place: a list of them, joined at the end, would take twice the memory.
  let bytes = new Uint8Array(declaredBytes >= 0 ? declaredBytes : 0);
  let length = 0;
  watch.start();
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    if (length + piece.byteLength > maxBytes) return 'too-large';
    if (length + piece.byteLength > bytes.byteLength) bytes = grown(bytes, Math.min(maxBytes, 2 * length + piece.byteLength));
    bytes.set(piece, length);
    length += piece.byteLength;
    watch.moved(piece.byteLength);
    if (pace !== undefined) await watch.pause(pace(piece.byteLength));
  }
  watch.stop();
  return length === bytes.byteLength ? bytes : bytes.slice(0, length);
}

function grown(bytes: Uint8Array, wantedBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(wantedBytes);
  larger.set(bytes);
  return larger;
}

function tooSlow(host: string): Failure {
  return new Failure('E_STORE_UNREACHABLE', `${host} is too slow or went silent`, { subject: host });
}

function otherProtocol(host: string): Failure {
  return new Failure('E_STORE_UNREACHABLE', `${host} answers in another protocol that nobody asked for (101)`, { subject: host });
}

/** Where it points, as far as that can be told without repeating a query that may hold a secret. */
function redirected(host: string, status: number, location: string | undefined): Failure {
  const target = location !== undefined && URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  return new Failure('E_STORE_REDIRECT', `${host} answers with a redirect (${status})${target}`, { subject: host });
}
