import type { Random } from '../base/random.ts';

import { createHash, timingSafeEqual } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { toHex } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';
import { isServerStoreName } from '../store/server/server-protocol.ts';

/** What a token allows. */
export interface Grant {
  readonly store: string;
  /** May put new objects and the hint, but delete nothing. */
  readonly appendOnly: boolean;
  /** Its puts are refused once the whole store would be larger. */
  readonly quotaBytes: number | undefined;
}

export interface TokenRights {
  readonly appendOnly?: boolean | undefined;
  readonly quotaBytes?: number | undefined;
}

const tokenEntry = z.strictObject({
  store: z.string().refine(isServerStoreName),
  // Tokens are 256 random bits: a plain hash of one tells nothing.
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  appendOnly: z.boolean(),
  quotaBytes: z.int().positive().optional(),
});
const tokenFile = z.strictObject({ version: z.literal(1), tokens: z.array(tokenEntry).max(10_000) });
type TokenEntry = z.infer<typeof tokenEntry>;

const fileName = 'tokens.json';
const tokenBytes = 32;

/** The server's tokens, of which it keeps hashes only, in a file for the owner alone. */
export class TokenFile {
  readonly #path: string;
  readonly #random: Random;
  #entries: readonly TokenEntry[];

  private constructor(path: string, random: Random, entries: readonly TokenEntry[]) {
    this.#path = path;
    this.#random = random;
    this.#entries = entries;
  }

  /** An absent file holds no tokens. Throws E_LOCAL_PERMS where others may read it, E_FAILED where it is damaged. */
  static async open(dir: string, random: Random): Promise<TokenFile> {
    const path = join(dir, fileName);
    const text = await readPrivate(path);
    if (text === undefined) return new TokenFile(path, random, []);
    try {
      return new TokenFile(path, random, tokenFile.parse(JSON.parse(text)).tokens);
    } catch (error) {
      throw new Failure('E_FAILED', `${path} is damaged`, { cause: error, action: 'restore it, or remove it and give out new tokens' });
    }
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  get grants(): readonly Grant[] {
    return this.#entries.map(toGrant);
  }

  /** The new token: shown once, known to nobody afterwards. */
  async add(store: string, rights: TokenRights): Promise<string> {
    const token = Buffer.from(this.#random.bytes(tokenBytes)).toString('base64url');
    const { appendOnly = false, quotaBytes } = rights;
    const entry: TokenEntry = { store, sha256: toHex(digest(token)), appendOnly, ...(quotaBytes === undefined ? {} : { quotaBytes }) };
    const entries = [...this.#entries, tokenEntry.parse(entry)];
    await this.#write(entries);
    this.#entries = entries;
    return token;
  }

  /** What the token allows. Takes as long for a wrong one as for the last of all. */
  find(token: string): Grant | undefined {
    const presented = digest(token);
    let found: TokenEntry | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(presented, Buffer.from(entry.sha256, 'hex'))) found = entry;
    }
    return found === undefined ? undefined : toGrant(found);
  }

  async #write(tokens: readonly TokenEntry[]): Promise<void> {
    const temporary = `${this.#path}.${toHex(this.#random.bytes(8))}`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#path);
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function toGrant({ store, appendOnly, quotaBytes }: TokenEntry): Grant {
  return { store, appendOnly, quotaBytes };
}

async function readPrivate(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    // Windows keeps no such bits.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new Failure('E_LOCAL_PERMS', `${path} can be read by others`, { action: `chmod 600 ${path}` });
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
