import type { RequestOptions } from '../store.ts';

import { Failure, type FailureCode } from '../../base/failure.ts';
import type { WebdavEntry } from './parse-multistatus.ts';
import type { WebdavConnection } from './webdav-connection.ts';
import { folderOf } from './webdav-paths.ts';

/** Folders below (and with) the store's own. */
export class WebdavFolders {
  readonly #connection: WebdavConnection;

  constructor(connection: WebdavConnection) {
    this.#connection = connection;
  }

  /** What is in a folder ('' or ending in '/'); nothing where there is none, but E_STORE_UNREACHABLE where the store's own is missing. */
  async read(path: string, signal: AbortSignal | undefined): Promise<readonly WebdavEntry[]> {
    try {
      const found = await this.#connection.find(path, { depth: 1, signal });
      if (found !== undefined) return found.self === 'file' ? [] : found.entries;
    } catch (error) {
      // What is no folder is refused, in words that differ.
      if (!isCode(error, 'E_STORE_BEHAVIOUR') || path === '' || (await this.kindOf(path.slice(0, -1), { signal })) !== 'file') throw error;
    }
    await this.checkTop(signal);
    return [];
  }

  /** Undefined where nothing is. */
  async kindOf(path: string, { signal }: RequestOptions): Promise<'folder' | 'file' | undefined> {
    try {
      const found = await this.#connection.find(path, { depth: 0, signal });
      if (found === undefined) await this.checkTop(signal);
      return found?.self;
    } catch (error) {
      // Where folders must be asked for with a slash at their end.
      if (!isCode(error, 'E_STORE_REDIRECT')) throw error;
      const folder = await this.#connection.find(`${path}/`, { depth: 0, signal });
      if (folder?.self === 'folder') return 'folder';
      throw error;
    }
  }

  /**
   * Throws E_STORE_UNREACHABLE unless the store's folder is there: where a disk of the server's is not mounted, everything
   * looks as if it never was.
   */
  async checkTop(signal: AbortSignal | undefined): Promise<void> {
    if ((await this.#connection.find('', { depth: 0, signal })) === undefined) throw this.#missing();
  }

  /** Makes a folder with those it stands in, but not the store's own. Harmless where it is there. */
  async make(path: string, signal: AbortSignal | undefined): Promise<void> {
    if (path === '') return this.checkTop(signal);
    if (await this.#makeOne(`${path}/`, signal)) return;
    await this.make(folderOf(path), signal);
    if (!(await this.#makeOne(`${path}/`, signal))) throw this.#missing();
  }

  async makeTop(): Promise<void> {
    if (!(await this.#makeOne('', undefined))) throw this.#missing();
  }

  /** False where the one that it would stand in is missing. */
  async #makeOne(path: string, signal: AbortSignal | undefined): Promise<boolean> {
    const answer = await this.#connection.ask({ method: 'MKCOL', path, signal });
    if (answer.status === 201 || answer.status === 200) return true;
    if (answer.status === 404 || answer.status === 409) return false;
    // 405 says that it is there; who is late in a race may hear anything else.
    if ((await this.#connection.find(path, { depth: 0, signal }))?.self === 'folder') return true;
    throw this.#connection.failure(answer, 'does not make folders there');
  }

  #missing(): Failure {
    const path = this.#connection.at('');
    return new Failure('E_STORE_UNREACHABLE', `the folder ${path} is not there`, {
      subject: path,
      action: 'check the address, or make the folder (for a new vault, `cachette init` makes the last one of its path)',
    });
  }
}

function isCode(error: unknown, code: FailureCode): boolean {
  return error instanceof Failure && error.code === code;
}
