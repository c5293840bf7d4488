import fs from 'node:fs/promises';
import { Failure } from '../base/failure.ts';
import type { Terminal } from './terminal.ts';

/** What a passphrase is asked for. `new`: typed twice; a better one may be offered. */
export type PassphraseUse = 'new' | 'known';

const fileMaxBytes = 4096;

/** Where passphrases come from: the file that the command names, environment, terminal, in this order. Asks once; never waits where nobody can answer. */
export class PassphraseSource {
  readonly #terminal: Terminal;
  readonly #file: string | undefined;
  readonly #fromEnvironment: string | undefined;
  #answer: Promise<string> | undefined;

  constructor(terminal: Terminal, env: NodeJS.ProcessEnv, file: string | undefined, variable = 'CACHETTE_PASSPHRASE') {
    this.#terminal = terminal;
    this.#file = file;
    this.#fromEnvironment = env[variable];
    // Not for the processes that this one starts.
    Reflect.deleteProperty(env, variable);
  }

  /** Whether somebody could be asked. */
  get canAsk(): boolean {
    return this.#terminal.canAsk;
  }

  /** Whether an answer is at hand without asking anybody. */
  get isGiven(): boolean {
    return this.#file !== undefined || (this.#fromEnvironment ?? '') !== '';
  }

  /** Throws E_LOCKED where there is no way to get one. `suggest` makes one that is offered to a person. */
  get(use: PassphraseUse, suggest?: () => Promise<string>): Promise<string> {
    this.#answer ??= this.#find(use, suggest);
    return this.#answer;
  }

  async #find(use: PassphraseUse, suggest: (() => Promise<string>) | undefined): Promise<string> {
    if (this.#file !== undefined) return readPassphrase(this.#file);
    if ((this.#fromEnvironment ?? '') !== '') return this.#fromEnvironment ?? '';
    if (!this.#terminal.canAsk) {
      const besides = use === 'new' ? ', or --no-passphrase for a vault that only its recovery key opens' : '';
      throw new Failure('E_LOCKED', 'a passphrase is needed, and nobody can be asked for one', {
        action: `set CACHETTE_PASSPHRASE or give --passphrase-file${besides}`,
      });
    }
    return use === 'known' ? this.#terminal.askHidden('Passphrase: ') : this.#askNew(suggest);
  }

  async #askNew(suggest: (() => Promise<string>) | undefined): Promise<string> {
    const offered = await suggest?.();
    if (offered !== undefined)
      this.#terminal.message(`A strong passphrase would be:\n\n    ${offered}\n\nType that one or one of your own.`);
    const first = await this.#terminal.askHidden('New passphrase: ');
    const second = await this.#terminal.askHidden('Once more: ');
    if (first !== second) throw new Failure('E_LOCKED', 'the two passphrases are not the same', { action: 'try again' });
    return first;
  }
}

/** The file's text without the line end that editors leave behind. */
async function readPassphrase(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readStart(file);
  } catch (cause) {
    throw new Failure('E_LOCKED', `the passphrase file ${file} cannot be read`, { action: 'check --passphrase-file', cause });
  }
  const passphrase = bytes.toString('utf8').replace(/\r?\n$/, '');
  if (passphrase === '' || bytes.byteLength > fileMaxBytes)
    throw new Failure('E_LOCKED', `the passphrase file ${file} holds no passphrase`);
  return passphrase;
}

/** No more than tells that a file is too long: what is named may be a device that never ends. */
async function readStart(file: string): Promise<Buffer> {
  await using handle = await fs.open(file);
  const bytes = Buffer.alloc(fileMaxBytes + 1);
  let length = 0;
  for (let count = -1; count !== 0 && length < bytes.length; length += count)
    count = (await handle.read(bytes, length, bytes.length - length, null)).bytesRead;
  return bytes.subarray(0, length);
}
