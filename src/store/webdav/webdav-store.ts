import type { Random } from '../../base/random.ts';
import type { GetOptions, Hint, ListOptions, ListPage, PutOutcome, RequestOptions, Store } from '../store.ts';

import { createHash } from 'node:crypto';
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { checkGetOptions, checkHintSize, checkListOptions, hintMaxBytes } from '../http/check-request.ts';
import { type HttpAnswer, HttpAskFailed } from '../http/http-connection.ts';
import { isAskedRange } from '../http/is-asked-range.ts';
import { checkObjectName, hintName } from '../object-name.ts';
import { WebdavConnection, type WebdavOptions } from './webdav-connection.ts';
import { WebdavFolders } from './webdav-folders.ts';
import { WebdavNames } from './webdav-names.ts';
import { folderOf, objectPath, stagingFolder } from './webdav-paths.ts';
import { sweepStaging } from './webdav-staging.ts';

export interface WebdavStoreOptions extends WebdavOptions {
  /** For the names that objects have while they are written. */
  readonly random: Random;
}

/** Of an object, where a server gives all of it although a part was asked for. */
const wholeObjectMaxBytes = 32 * 1024 * 1024;
/** What says that a folder on the way is missing: 404 rclone, 409 as the standard has it, 403 and 405 seen in races, 500 nginx. */
const missingFolderSigns = new Set([403, 404, 405, 409, 500]);

/**
 * A store in a folder of any WebDAV server (webdav-paths.ts says where objects stand in it). An object is sent to a
 * name of its own in a staging folder and then moved to its place, as many servers show a file while it is sent, or half of
 * one whose sender is gone. Nothing that servers answer differently is relied upon: no preconditions, no ETags, no 304.
 */
export function openWebdavStore(options: WebdavStoreOptions): Store {
  return new WebdavAdapter(options);
}

/** Makes the store's folder, for a new vault. The one that it stands in must exist. */
export async function createWebdavFolder(options: WebdavOptions): Promise<void> {
  const connection = new WebdavConnection(options);
  try {
    await new WebdavFolders(connection).makeTop();
  } finally {
    connection.close();
  }
}

class WebdavAdapter implements Store {
  readonly label: string;
  readonly #connection: WebdavConnection;
  readonly #random: Random;
  readonly #folders: WebdavFolders;
  readonly #names: WebdavNames;
  readonly #origin: string;
  /** Before the path in a destination: the origin or nothing. */
  #destinationStart: string;
  #swept: Promise<void> | undefined;

  constructor(options: WebdavStoreOptions) {
    this.label = `WebDAV ${options.origin}${options.path}`;
    this.#connection = new WebdavConnection(options);
    this.#random = options.random;
    this.#origin = options.origin;
    this.#destinationStart = options.origin;
    this.#folders = new WebdavFolders(this.#connection);
    this.#names = new WebdavNames((path, signal) => this.#folders.read(path, signal));
  }

  async get(name: string, options: GetOptions): Promise<Uint8Array | undefined> {
    checkObjectName(name);
    checkGetOptions(options);
    return this.#get(objectPath(name), options);
  }

  async putNew(name: string, parts: readonly Uint8Array[], options: RequestOptions = {}): Promise<PutOutcome> {
    checkObjectName(name);
    this.#names.forget();
    const staged = await this.#stage(parts, options);
    const outcome = await this.#publish(staged, objectPath(name), options);
    // Only where it surely was not moved: a DELETE that meets a MOVE under way can destroy what it moves.
    if (outcome === 'exists') await this.#connection.ask({ ...options, method: 'DELETE', path: staged }).catch(() => undefined);
    return outcome;
  }

  async list(prefix: string, { after = '', limit, signal }: ListOptions): Promise<ListPage> {
    checkListOptions(prefix, { after, limit });
    return this.#names.page(prefix, { after, limit, signal });
  }

  /** Looks first: a DELETE of a folder takes everything in it along. */
  async delete(name: string, options: RequestOptions = {}): Promise<void> {
    checkObjectName(name);
    this.#names.forget();
    const path = objectPath(name);
    if ((await this.#folders.kindOf(path, options)) !== 'file') return;
    const answer = await this.#connection.ask({ ...options, method: 'DELETE', path });
    if (answer.status !== 200 && answer.status !== 204 && answer.status !== 404) throw this.#connection.failure(answer, 'does not delete');
  }

  /** Straight to its place: half a hint harms nobody. */
  async putHint(bytes: Uint8Array, options: RequestOptions = {}): Promise<void> {
    checkHintSize(bytes);
    const answer = await this.#connection.ask({ ...options, method: 'PUT', path: hintName, body: [bytes] });
    if (isDone(answer)) return;
    if (missingFolderSigns.has(answer.status)) await this.#folders.checkTop(options.signal);
    throw this.#connection.failure(answer, 'does not take files there');
  }

  /** The tag is made of the bytes: some servers give two hints of one second the same ETag. */
  async getHint(tag: string | undefined, options: RequestOptions = {}): Promise<Hint | undefined> {
    const bytes = await this.#get(hintName, { ...options, maxBytes: hintMaxBytes });
    if (bytes === undefined) return undefined;
    const found = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    return found === tag ? undefined : { bytes, tag: found };
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  async #get(path: string, options: GetOptions): Promise<Uint8Array | undefined> {
    const { range, maxBytes } = options;
    let answer: HttpAnswer;
    try {
      answer = await this.#connection.ask({
        ...options,
        method: 'GET',
        path,
        headers: range === undefined ? {} : { range: `bytes=${range.start}-${range.start + range.length - 1}` },
        maxBytes: (status) => (range !== undefined && status === 200 ? wholeObjectMaxBytes : maxBytes),
      });
    } catch (error) {
      const isRedirect = error instanceof Failure && error.code === 'E_STORE_REDIRECT';
      if (isRedirect && (await this.#folders.kindOf(path, options)) === 'folder') return undefined;
      throw error;
    }
    if (answer.status === 404) {
      await this.#folders.checkTop(options.signal);
      return undefined;
    }
    // What is a folder can't be read: in words that differ.
    const isNoFile = answer.status === 405 || answer.status === 501;
    if (isNoFile && (await this.#folders.kindOf(path, options)) === 'folder') return undefined;
    return this.#bytesOf(answer, options);
  }

  #bytesOf(answer: HttpAnswer, { range, maxBytes }: GetOptions): Uint8Array {
    const { status, bytes } = answer;
    if (range === undefined && status === 200) return bytes;
    if (range === undefined || (status !== 200 && status !== 206 && status !== 416))
      throw this.#connection.failure(answer, 'does not give files');
    if (status === 416) return new Uint8Array(0);
    if (status === 206 && !isAskedRange(answer, range))
      throw new Failure('E_STORE_BEHAVIOUR', `${this.label} gives another range than asked for`);
    if (status === 206) return bytes;
    // It does not know ranges.
    const part = bytes.slice(range.start, range.start + range.length);
    if (part.byteLength > maxBytes) throw new Failure('E_LIMIT', `${this.label} sent more than the ${maxBytes} bytes allowed`);
    return part;
  }

  /** Path of a complete file that nobody takes for an object. What went wrong here has surely stored nothing. */
  async #stage(parts: readonly Uint8Array[], options: RequestOptions): Promise<string> {
    const path = `${stagingFolder}/${toHex(this.#random.bytes(16))}`;
    const put = (): Promise<HttpAnswer> => this.#connection.ask({ ...options, method: 'PUT', path, body: parts });
    let answer = await put();
    if (missingFolderSigns.has(answer.status)) {
      await this.#folders.make(stagingFolder, options.signal);
      answer = await put();
    }
    if (!isDone(answer)) throw this.#connection.failure(answer, 'does not take files there');
    await (this.#swept ??= sweepStaging(this.#connection, options.signal));
    return path;
  }

  async #publish(staged: string, path: string, options: RequestOptions): Promise<PutOutcome> {
    let answer = await this.#move(staged, path, options);
    if (answer !== 'unknown' && missingFolderSigns.has(answer.status)) {
      await this.#folders.make(folderOf(path), options.signal);
      answer = await this.#move(staged, path, options);
    }
    if (answer === 'unknown') return 'unknown';
    if (answer.status === 201 || answer.status === 204) return 'stored';
    if (answer.status === 412) return 'exists';
    // 207 tells of something that failed; 404 that it is there no more, perhaps moved by a request that something on the way sent twice.
    if (answer.status < 400 || answer.status === 404 || answer.status === 423 || answer.status >= 500) return 'unknown';
    // Who loses a race may hear 403, 405 or 409.
    if ((await this.#folders.kindOf(path, options)) === 'file') return 'exists';
    throw this.#connection.failure(answer, 'does not move files');
  }

  /**
   * The destination as a whole URL, which some servers insist on (Apache), or, for those that don't know themselves by it because
   * something stands before them that speaks TLS (nginx), as a path.
   */
  async #move(staged: string, path: string, options: RequestOptions): Promise<HttpAnswer | 'unknown'> {
    const first = await this.#moveTo(this.#destinationStart, { staged, path, options });
    if (first === 'unknown' || (first.status !== 400 && first.status !== 502)) return first;
    const other = this.#destinationStart === '' ? this.#origin : '';
    const second = await this.#moveTo(other, { staged, path, options });
    if (second !== 'unknown' && second.status === 400) return first;
    if (second !== 'unknown' && second.status !== 502) this.#destinationStart = other;
    return second;
  }

  async #moveTo(start: string, { staged, path, options }: Move): Promise<HttpAnswer | 'unknown'> {
    // What servers do without Overwrite differs.
    const headers = { destination: start + this.#connection.at(path), overwrite: 'F' };
    try {
      return await this.#connection.send({ ...options, method: 'MOVE', path: staged, headers });
    } catch (error) {
      if (!(error instanceof HttpAskFailed)) throw error;
      if (error.wasSent && error.failure.code !== 'E_STORE_REDIRECT') return 'unknown';
      throw error.failure;
    }
  }
}

interface Move {
  readonly staged: string;
  readonly path: string;
  readonly options: RequestOptions;
}

function isDone({ status }: HttpAnswer): boolean {
  return status === 200 || status === 201 || status === 204;
}
