import type { GetOptions, Hint, ListOptions, ListPage, PutOutcome, RequestOptions, Store } from '../store.ts';

import { Failure } from '../../base/failure.ts';
import { checkGetOptions, checkHintSize, checkListOptions, hintMaxBytes } from './check-request.ts';
import { type HttpAnswer, type HttpAsk, HttpAskFailed, HttpConnection, type HttpConnectionOptions } from './http-connection.ts';
import { isAskedRange } from './is-asked-range.ts';
import { checkObjectName } from '../object-name.ts';
import { parseCursor, parseListPage } from '../server/parse-server-answer.ts';
import { retryAfterMs } from './retry-after.ts';
import { serverMark, serverPaths, watchHoldMs } from '../server/server-protocol.ts';
import { StoreBusy } from '../store-busy.ts';

export interface HttpStoreOptions extends HttpConnectionOptions {
  /** One of the server's stores. */
  readonly name: string;
  readonly token: string;
}

/** A name in a listing and what stands around it. */
const listedNameBytes = 210;
const cursorAnswerBytes = 1024;
/** Of what is said besides the status. */
const ignoredAnswerBytes = 1024;

/** The client of our own server (server-protocol.ts). */
export function openHttpStore(options: HttpStoreOptions): Store {
  return new HttpAdapter(options);
}

class HttpAdapter implements Store {
  readonly label: string;
  readonly #connection: HttpConnection;
  readonly #host: string;
  readonly #name: string;
  readonly #authorization: string;
  #cursor = '';

  constructor(options: HttpStoreOptions) {
    this.label = `${options.origin}/${options.name}`;
    this.#connection = new HttpConnection(options);
    this.#host = new URL(options.origin).host;
    this.#name = options.name;
    this.#authorization = `Bearer ${options.token}`;
  }

  async get(name: string, options: GetOptions): Promise<Uint8Array | undefined> {
    checkObjectName(name);
    checkGetOptions(options);
    const { range, maxBytes } = options;
    const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.start + range.length - 1}` };
    const answer = await this.#ask({ ...options, method: 'GET', path: serverPaths.object(this.#name, name), headers, maxBytes });
    if (answer.status === 404) return undefined;
    if (range === undefined) return this.#expect(answer, 200).bytes;
    if (answer.status === 416) return new Uint8Array(0);
    if (!isAskedRange(this.#expect(answer, 206), range)) throw this.#misbehaved('another range than asked for');
    return answer.bytes;
  }

  async putNew(name: string, parts: readonly Uint8Array[], options: RequestOptions = {}): Promise<PutOutcome> {
    checkObjectName(name);
    let answer: HttpAnswer;
    try {
      const path = serverPaths.object(this.#name, name);
      answer = await this.#connection.ask({ ...this.#request(options), method: 'PUT', path, body: parts, maxBytes: ignoredAnswerBytes });
    } catch (error) {
      if (!(error instanceof HttpAskFailed)) throw error;
      const mayHaveHappened = error.wasSent && error.failure.code !== 'E_STORE_REDIRECT';
      if (mayHaveHappened) return 'unknown';
      throw error.failure;
    }
    this.#throwRefusal(answer);
    // An answer of something on the way says nothing about what the server did, and a failing server does not know.
    if (!isMarked(answer) || answer.status >= 500) return 'unknown';
    if (answer.status === 409) return 'exists';
    this.#expect(answer, 201);
    return 'stored';
  }

  async list(prefix: string, options: ListOptions): Promise<ListPage> {
    checkListOptions(prefix, options);
    const query = new URLSearchParams({ prefix, after: options.after ?? '', limit: String(options.limit) });
    const path = `${serverPaths.names(this.#name)}?${query.toString()}`;
    const answer = await this.#ask({ ...options, method: 'GET', path, maxBytes: 1024 + options.limit * listedNameBytes });
    return parseListPage(this.#expect(answer, 200).bytes, { prefix, after: options.after ?? '', limit: options.limit });
  }

  async delete(name: string, options: RequestOptions = {}): Promise<void> {
    checkObjectName(name);
    const answer = await this.#ask({
      ...options,
      method: 'DELETE',
      path: serverPaths.object(this.#name, name),
      maxBytes: ignoredAnswerBytes,
    });
    this.#expect(answer, 204);
  }

  async putHint(bytes: Uint8Array, options: RequestOptions = {}): Promise<void> {
    checkHintSize(bytes);
    const answer = await this.#ask({
      ...options,
      method: 'PUT',
      path: serverPaths.hint(this.#name),
      body: [bytes],
      maxBytes: ignoredAnswerBytes,
    });
    this.#expect(answer, 204);
  }

  async getHint(tag: string | undefined, options: RequestOptions = {}): Promise<Hint | undefined> {
    const headers = tag === undefined ? {} : { 'if-none-match': tag };
    const answer = await this.#ask({ ...options, method: 'GET', path: serverPaths.hint(this.#name), headers, maxBytes: hintMaxBytes });
    if (answer.status === 404 || answer.status === 304) return undefined;
    const found = this.#expect(answer, 200).headers.etag ?? '';
    if (!/^"[!#-~]{1,100}"$/.test(found)) throw this.#misbehaved('a hint without a proper ETag');
    return found === tag ? undefined : { bytes: answer.bytes, tag: found };
  }

  /** The first watch ends at once: only then does the server know from where on this client has seen everything. */
  async watch(options: RequestOptions): Promise<void> {
    const path = `${serverPaths.watch(this.#name)}?${new URLSearchParams({ since: this.#cursor }).toString()}`;
    const answer = await this.#ask({ ...options, method: 'GET', path, maxBytes: cursorAnswerBytes, holdMs: watchHoldMs });
    this.#cursor = parseCursor(this.#expect(answer, 200).bytes);
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  async #ask(ask: Omit<HttpAsk, 'headers'> & { readonly headers?: Record<string, string> }): Promise<HttpAnswer> {
    try {
      const answer = await this.#connection.ask({ ...ask, ...this.#request(ask) });
      this.#throwRefusal(answer);
      if (!isMarked(answer)) throw new Failure('E_STORE_UNREACHABLE', `${this.#host} is no Cachette server, or something stands before it`);
      return answer;
    } catch (error) {
      throw error instanceof HttpAskFailed ? error.failure : error;
    }
  }

  #request(ask: RequestOptions & { readonly headers?: Record<string, string> }): Pick<HttpAsk, 'headers' | 'signal' | 'pace'> {
    return { headers: { authorization: this.#authorization, ...ask.headers }, signal: ask.signal, pace: ask.pace };
  }

  /** Refusals mean the same for every verb, and also when a proxy before the server says them. */
  #throwRefusal({ status, headers }: HttpAnswer): void {
    const subject = this.#host;
    if (status === 401 || status === 403) {
      throw new Failure('E_STORE_DENIED', `${subject} refuses this token${status === 403 ? ' for this request' : ''}`, { subject });
    }
    if (status === 413) throw new Failure('E_LIMIT', `${subject} refuses an object of this size`, { subject });
    if (status === 507) throw new Failure('E_STORE_FULL', `${subject} has no more room for this store`, { subject });
    if (status === 429) throw new StoreBusy(`${subject} asks to come back later`, retryAfterMs(headers['retry-after']));
  }

  #expect(answer: HttpAnswer, status: number): HttpAnswer {
    if (answer.status === status) return answer;
    const busyMs = answer.status === 503 ? retryAfterMs(answer.headers['retry-after']) : 0;
    if (busyMs > 0) throw new StoreBusy(`${this.#host} asks to come back later`, busyMs);
    if (answer.status >= 500) throw new Failure('E_STORE_UNREACHABLE', `${this.#host} failed (${answer.status})`, { subject: this.#host });
    throw this.#misbehaved(`status ${answer.status} where ${status} was expected`);
  }

  #misbehaved(what: string): Failure {
    return new Failure('E_STORE_BEHAVIOUR', `${this.#host} gives ${what}`, { subject: this.#host });
  }
}

function isMarked(answer: HttpAnswer): boolean {
  return answer.headers[serverMark.header] === serverMark.value;
}
