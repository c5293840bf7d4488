import type { RequestOptions } from '../store.ts';

import { utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { type HttpAnswer, type HttpAsk, HttpAskFailed, HttpConnection, type HttpConnectionOptions } from '../http/http-connection.ts';
import { parseMultistatus, type WebdavFolder } from './parse-multistatus.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { StoreBusy } from '../store-busy.ts';

export interface WebdavOptions extends HttpConnectionOptions {
  /** Of the store's folder: absolute, encoded as in a URL, ending in '/'. */
  readonly path: string;
  /** Undefined: the server asks for none. */
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
}

export interface WebdavAsk extends RequestOptions {
  readonly method: HttpAsk['method'];
  /** Below the store's folder; '' is that folder itself. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly Uint8Array[];
  readonly maxBytes?: HttpAsk['maxBytes'];
}

export interface FindOptions extends RequestOptions {
  /** 1: with what is in it. */
  readonly depth: 0 | 1;
  /** With when each was last changed. */
  readonly withTimes?: boolean;
}

/** Of what is said besides the status. */
const ignoredAnswerBytes = 64 * 1024;
/** Forty thousand names in one folder, at the most words that a server was seen to need for each. */
const folderAnswerMaxBytes = 32 * 1024 * 1024;

const propfindHead = '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/>';
const propfindEnd = '</prop></propfind>';

/** Requests to one folder of a WebDAV server, and what refusals of any of them mean. */
export class WebdavConnection {
  readonly #http: HttpConnection;
  readonly #options: WebdavOptions;
  readonly #host: string;
  readonly #authorization: Readonly<Record<string, string>>;

  constructor(options: WebdavOptions) {
    this.#http = new HttpConnection(options);
    this.#options = options;
    this.#host = new URL(options.origin).host;
    const { credentials } = options;
    // RFC 7617: servers expect UTF-8.
    const pair = credentials === undefined ? undefined : Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
    this.#authorization = pair === undefined ? {} : { authorization: `Basic ${pair}` };
  }

  /** Path of an object or folder, as it stands in a request. Names need no encoding. */
  at(path: string): string {
    return this.#options.path + path;
  }

  /** Any answer but a refusal that means the same for every request. Throws `Failure`. */
  async ask(ask: WebdavAsk): Promise<HttpAnswer> {
    try {
      return await this.send(ask);
    } catch (error) {
      throw error instanceof HttpAskFailed ? error.failure : error;
    }
  }

  /** As `ask`, but a request without an answer throws HttpAskFailed, which says whether it may have been acted on. */
  async send(ask: WebdavAsk): Promise<HttpAnswer> {
    const { method, path, body, signal, pace, maxBytes = ignoredAnswerBytes } = ask;
    const headers = { ...this.#authorization, ...ask.headers };
    const answer = await this.#http.ask({ method, path: this.at(path), headers, body, signal, pace, maxBytes });
    this.#throwRefusal(answer);
    return answer;
  }

  /** What is at a path and, at depth 1, in it; undefined where there is nothing. */
  async find(
    path: string,
    { depth, withTimes = false, ...options }: FindOptions,
  ): Promise<(WebdavFolder & { readonly date: string | undefined }) | undefined> {
    const answer = await this.ask({
      ...options,
      method: 'PROPFIND',
      path,
      headers: { depth: String(depth), 'content-type': 'application/xml; charset=utf-8' },
      body: [utf8(propfindHead + (withTimes ? '<getlastmodified/>' : '') + propfindEnd)],
      maxBytes: depth === 0 ? ignoredAnswerBytes : folderAnswerMaxBytes,
    });
    if (answer.status === 404) return undefined;
    if (answer.status !== 207) throw this.failure(answer, 'does not list folders');
    const found = parseMultistatus(answer.bytes, { origin: this.#options.origin, path: this.at(path) });
    return { ...found, date: answer.headers.date };
  }

  /** For an answer that the caller has no use for. */
  failure({ status, headers }: HttpAnswer, what: string): Failure {
    const subject = this.#host;
    const waitMs = status === 503 ? retryAfterMs(headers['retry-after']) : 0;
    if (waitMs > 0) return new StoreBusy(`${subject} asks to come back later`, waitMs);
    if (status === 403) {
      return new Failure('E_STORE_DENIED', `${subject} refuses this user access (403)`, {
        subject,
        action: 'check the folder in the address and the rights of the user there',
      });
    }
    if (status === 423) return new Failure('E_STORE_UNREACHABLE', `${subject} has something locked (423)`, { subject });
    if (status >= 500) return new Failure('E_STORE_UNREACHABLE', `${subject} failed (${status})`, { subject });
    return new Failure('E_STORE_BEHAVIOUR', `${subject} ${what} (${status})`, {
      subject,
      action: 'check that the address is that of a folder on a WebDAV server',
    });
  }

  close(): void {
    this.#http.close();
  }

  #throwRefusal({ status, headers }: HttpAnswer): void {
    const subject = this.#host;
    if (status === 401) throw this.#notLetIn(headers['www-authenticate'] ?? '');
    if (status === 413) throw this.#tooLarge();
    if (status === 429) throw new StoreBusy(`${subject} asks to come back later`, retryAfterMs(headers['retry-after']));
    if (status === 507) throw new Failure('E_STORE_FULL', `${subject} has no more room for this user`, { subject });
  }

  /** Many a server takes no more than a megabyte until it is told to. */
  #tooLarge(): Failure {
    const subject = this.#host;
    return new Failure('E_STORE_DENIED', `${subject} refuses a file of this size (413)`, {
      subject,
      action: 'let it take files of 32 MB (nginx: client_max_body_size; Apache: LimitRequestBody; or what stands before it)',
    });
  }

  #notLetIn(offer: string): Failure {
    const subject = this.#host;
    const isOtherWay = offer !== '' && !/\bbasic\b/i.test(offer);
    return new Failure('E_STORE_DENIED', `${subject} does not accept this user and password`, {
      subject,
      action: isOtherWay
        ? 'it offers no Basic authentication, the only one that Cachette speaks with WebDAV: allow it there, over https'
        : 'check them; some servers (Nextcloud) want an app password',
    });
  }
}
