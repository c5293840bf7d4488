import type { Clock } from '../../base/clock.ts';
import type { GetOptions, Hint, ListOptions, ListPage, PutOutcome, RequestOptions, Store } from '../store.ts';

import { Failure } from '../../base/failure.ts';
import { checkGetOptions, checkHintSize, checkListOptions, hintMaxBytes, listLimitMax } from '../http/check-request.ts';
import { type HttpAnswer, type HttpAsk, HttpAskFailed, HttpConnection, type HttpPatience } from '../http/http-connection.ts';
import type { HttpRoute } from '../http/http-agents.ts';
import { isAskedRange } from '../http/is-asked-range.ts';
import { checkObjectName, hintName, isObjectName } from '../object-name.ts';
import { parseS3Listing, type S3ListQuestion, type S3Page } from './s3-listing.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { bucketPath, keyPath, type S3Place } from './s3-place.ts';
import { readS3Error, type S3Subject, toS3Failure, toS3Redirect } from './s3-refusal.ts';
import { type S3Keys, signS3 } from './sign-s3.ts';
import { StoreBusy } from '../store-busy.ts';

export interface S3StoreOptions {
  readonly place: S3Place;
  readonly keys: S3Keys;
  readonly clock: Clock;
  readonly route?: HttpRoute | undefined;
  readonly patience?: HttpPatience | undefined;
}

/** What stands around a key in a listing, and a key at its longest, every byte of it encoded. */
const listedKeyBytes = 1024 + 3 * 1024;
/** Of what is said besides the status. */
const ignoredAnswerBytes = 16 * 1024;
/** Pages of a listing without a single name of ours before it is taken for endless. */
const foreignPagesMax = 100;

/**
 * The client of any service that speaks S3. Objects are put in one request under fresh names, so that nothing depends on
 * what a service makes of conditions, versions or several parts; in a versioned bucket what is deleted is marked so.
 */
export function openS3Store(options: S3StoreOptions): Store {
  return new S3Adapter(options);
}

class S3Adapter implements Store {
  readonly label: string;
  readonly #connection: HttpConnection;
  readonly #options: S3StoreOptions;
  readonly #host: string;
  /** Whether a put asks the service to refuse a name that is taken, until one says that it knows no such thing. */
  #asksForFresh = true;

  constructor(options: S3StoreOptions) {
    const { origin, bucket, keyPrefix } = options.place;
    this.#options = options;
    this.#connection = new HttpConnection({ ...options, origin });
    this.#host = new URL(origin).host;
    this.label = `S3 bucket ${bucket} at ${this.#host}${keyPrefix === '' ? '' : ` (${keyPrefix})`}`;
  }

  async get(name: string, options: GetOptions): Promise<Uint8Array | undefined> {
    checkObjectName(name);
    checkGetOptions(options);
    const { range, maxBytes } = options;
    if (range === undefined) {
      const answer = await this.#ask({ ...options, method: 'GET', path: this.#path(name) });
      return this.#isAbsent(answer) ? undefined : this.#expect(answer, 200).bytes;
    }
    // Some take an end of 0 for none at all (s3rver), and give the whole object.
    const spareBytes = range.start === 0 && range.length === 1 ? 1 : 0;
    const asked = { start: range.start, length: range.length + spareBytes };
    const headers = { range: `bytes=${asked.start}-${asked.start + asked.length - 1}` };
    const answer = await this.#ask({ ...options, method: 'GET', path: this.#path(name), headers, maxBytes: maxBytes + spareBytes });
    if (this.#isAbsent(answer)) return undefined;
    if (answer.status === 416) return new Uint8Array(0);
    if (!isAskedRange(this.#expect(answer, 206), asked)) throw this.#misbehaved('another range than asked for');
    return answer.bytes.subarray(0, range.length);
  }

  async putNew(name: string, parts: readonly Uint8Array[], options: RequestOptions = {}): Promise<PutOutcome> {
    checkObjectName(name);
    const asksForFresh = this.#asksForFresh;
    const answer = await this.#put(name, parts, { ...options, headers: asksForFresh ? { 'if-none-match': '*' } : {} });
    if (answer === 'unknown') return 'unknown';
    if (asksForFresh && this.#knowsNoCondition(answer)) {
      this.#asksForFresh = false;
      return this.putNew(name, parts, options);
    }
    // Two at once, or a service that has trouble: it may have happened.
    if (answer.status === 409 || answer.status >= 500) return 'unknown';
    if (answer.status === 412) return 'exists';
    this.#expect(answer, 200);
    return 'stored';
  }

  async list(prefix: string, options: ListOptions): Promise<ListPage> {
    checkListOptions(prefix, options);
    const { keyPrefix } = this.#options.place;
    let after = options.after === undefined || options.after === '' ? '' : keyPrefix + options.after;
    for (let page = 0; page < foreignPagesMax; page += 1) {
      const { keys, more } = await this.#listPage({ prefix: keyPrefix + prefix, after, maxKeys: listLimitMax }, options);
      // What else is kept in the bucket is none of ours.
      const names = keys.map((key) => key.slice(keyPrefix.length)).filter(isObjectName);
      if (names.length > 0 || !more) return { names: names.slice(0, options.limit), more: more || names.length > options.limit };
      after = keys.at(-1) ?? after;
    }
    throw new Failure('E_LIMIT', `${this.label} holds very many things that are no objects of a vault`, {
      subject: this.label,
      action: 'give the vault a bucket, or a prefix in it, of its own',
    });
  }

  async delete(name: string, options: RequestOptions = {}): Promise<void> {
    checkObjectName(name);
    const answer = await this.#ask({ ...options, method: 'DELETE', path: this.#path(name), maxBytes: ignoredAnswerBytes });
    if (answer.status !== 200 && !this.#isAbsent(answer)) this.#expect(answer, 204);
  }

  async putHint(bytes: Uint8Array, options: RequestOptions = {}): Promise<void> {
    checkHintSize(bytes);
    const answer = await this.#put(hintName, [bytes], { ...options, headers: {} });
    if (answer === 'unknown')
      throw new Failure('E_STORE_UNREACHABLE', `${this.#host} did not say whether it took a hint`, { subject: this.#host });
    this.#expect(answer, 200);
  }

  async getHint(tag: string | undefined, options: RequestOptions = {}): Promise<Hint | undefined> {
    const headers = tag === undefined ? {} : { 'if-none-match': tag };
    const answer = await this.#ask({ ...options, method: 'GET', path: this.#path(hintName), headers, maxBytes: hintMaxBytes });
    if (answer.status === 304 || this.#isAbsent(answer)) return undefined;
    const found = this.#expect(answer, 200).headers.etag ?? '';
    if (!/^(?:W\/)?"[!#-~]{1,100}"$/.test(found)) throw this.#misbehaved('an object without a proper ETag');
    return found === tag ? undefined : { bytes: answer.bytes, tag: found };
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  /**
   * From key to key rather than by the service's own tokens: nothing of what it says is given back to it. Always pages of
   * the largest size: the vault asks for no others, and some fail where a listing has a second one.
   */
  async #listPage(question: S3ListQuestion, { signal }: RequestOptions): Promise<S3Page> {
    const query = new URLSearchParams({ 'encoding-type': 'url', 'list-type': '2', 'max-keys': String(question.maxKeys) });
    query.set('prefix', question.prefix);
    if (question.after !== '') query.set('start-after', question.after);
    // A space is `%20` in what is signed.
    const path = `${bucketPath(this.#options.place)}?${query.toString().replaceAll('+', '%20')}`;
    const answer = await this.#ask({ method: 'GET', path, signal, maxBytes: ignoredAnswerBytes + question.maxKeys * listedKeyBytes });
    return parseS3Listing(this.#expect(answer, 200).bytes, question);
  }

  /** 'unknown' where it may have happened, with no answer to go by. */
  async #put(
    name: string,
    parts: readonly Uint8Array[],
    options: RequestOptions & { readonly headers: Record<string, string> },
  ): Promise<HttpAnswer | 'unknown'> {
    const asked = { ...options, method: 'PUT', path: this.#path(name), body: parts, maxBytes: ignoredAnswerBytes } as const;
    let answer: HttpAnswer;
    try {
      answer = await this.#connection.ask(this.#signed(asked));
    } catch (error) {
      if (!(error instanceof HttpAskFailed)) throw error;
      if (error.wasSent && error.failure.code !== 'E_STORE_REDIRECT') return 'unknown';
      throw this.#failure(error);
    }
    this.#throwRefusal(answer);
    return answer;
  }

  async #ask(ask: Omit<HttpAsk, 'headers'> & { readonly headers?: Record<string, string> }): Promise<HttpAnswer> {
    try {
      const answer = await this.#connection.ask(this.#signed(ask));
      this.#throwRefusal(answer);
      return answer;
    } catch (error) {
      throw error instanceof HttpAskFailed ? this.#failure(error) : error;
    }
  }

  #signed(ask: Omit<HttpAsk, 'headers'> & { readonly headers?: Record<string, string> }): HttpAsk {
    const { keys, place, clock } = this.#options;
    const signing = { keys, region: place.region, host: this.#host, nowMs: clock.nowMs() };
    return { ...ask, headers: signS3({ headers: {}, ...ask }, signing) };
  }

  #throwRefusal(answer: HttpAnswer): void {
    const { status } = answer;
    // What each verb has a meaning for; a failing service is told by its verb, but for what it says of load and room.
    if (status < 400 || status === 412 || status === 416) return;
    const failure = toS3Failure(answer, readS3Error(answer), this.#subject());
    if (failure !== undefined) throw failure;
  }

  #failure({ failure, headers }: HttpAskFailed): Failure {
    if (failure.code !== 'E_STORE_REDIRECT') return failure;
    return toS3Redirect(failure, readS3Error({ headers, bytes: new Uint8Array(0) }), this.#subject());
  }

  #subject(): S3Subject {
    const { place, clock } = this.#options;
    return { host: this.#host, bucket: place.bucket, region: place.region, nowMs: clock.nowMs() };
  }

  /** Only what says so in the words of S3: any other 404 comes from something that is no S3 service, and so does any page. */
  #isAbsent(answer: HttpAnswer): boolean {
    const isPage = answer.status === 200 && /^text\/html\b/i.test(answer.headers['content-type'] ?? '');
    if (answer.status !== 404 && !isPage) return false;
    if (!isPage && /^(?:NoSuchKey|NoSuchVersion|NoSuchObject|NotFound)$/.test(readS3Error(answer).code)) return true;
    throw new Failure('E_STORE_UNREACHABLE', `${this.#host} is no S3 service, or something stands before it`, {
      subject: this.#host,
      action: 'check address and port (a console for people often has another one), and whether this network wants a login',
    });
  }

  #knowsNoCondition(answer: HttpAnswer): boolean {
    return (
      answer.status === 501 ||
      (answer.status === 400 && /^(?:NotImplemented|InvalidArgument|InvalidRequest)$/.test(readS3Error(answer).code))
    );
  }

  #expect(answer: HttpAnswer, status: number): HttpAnswer {
    if (answer.status === status) return answer;
    const { code } = readS3Error(answer);
    const said = `${answer.status}${code === '' ? '' : ` ${code}`}`;
    const busyMs = answer.status === 503 ? retryAfterMs(answer.headers['retry-after']) : 0;
    if (busyMs > 0) throw new StoreBusy(`${this.#host} asks to come back later`, busyMs);
    if (answer.status >= 500) throw new Failure('E_STORE_UNREACHABLE', `${this.#host} failed (${said})`, { subject: this.#host });
    throw this.#misbehaved(`status ${said} where ${status} was expected`);
  }

  #path(name: string): string {
    return keyPath(this.#options.place, name);
  }

  #misbehaved(what: string): Failure {
    return new Failure('E_STORE_BEHAVIOUR', `${this.#host} gives ${what}`, { subject: this.#host });
  }
}
