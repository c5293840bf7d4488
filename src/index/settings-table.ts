import { Failure } from '../base/failure.ts';
import type { IndexDatabase } from './file/database.ts';

/** Small things to remember, by key. No secrets: the index is not sealed. */
export class SettingsTable {
  readonly #database: IndexDatabase;

  constructor(database: IndexDatabase) {
    this.#database = database;
  }

  findText(key: string): string | undefined {
    return this.#database.prepare<{ readonly value: string }>('SELECT value FROM setting WHERE key = ?').get(key)?.value;
  }

  writeText(key: string, value: string): void {
    const sql = 'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
    this.#database.prepare(sql).run(key, value);
  }

  /** Throws E_INDEX_DAMAGED where the value is no safe integer. */
  findInteger(key: string): number | undefined {
    const text = this.findText(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^-?[0-9]+$/.test(text) || !Number.isSafeInteger(value)) throw wrongValue(key, text);
    return value;
  }

  /** Throws E_FAILED where the value is no safe integer. */
  writeInteger(key: string, value: number): void {
    if (!Number.isSafeInteger(value)) throw new Failure('E_FAILED', `not a safe integer: ${value}`);
    this.writeText(key, String(value));
  }

  /** Throws E_INDEX_DAMAGED where the value is neither. */
  findFlag(key: string): boolean | undefined {
    const text = this.findText(key);
    if (text !== undefined && text !== 'yes' && text !== 'no') throw wrongValue(key, text);
    return text === undefined ? undefined : text === 'yes';
  }

  writeFlag(key: string, value: boolean): void {
    this.writeText(key, value ? 'yes' : 'no');
  }

  erase(key: string): void {
    this.#database.prepare('DELETE FROM setting WHERE key = ?').run(key);
  }
}

function wrongValue(key: string, text: string): Failure {
  return new Failure('E_INDEX_DAMAGED', `the index is damaged: setting ${key} is ${JSON.stringify(text.slice(0, 80))}`);
}
