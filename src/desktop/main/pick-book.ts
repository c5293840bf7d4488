/** Places that a person chose in the system's own dialog: windows get an id for each and never name a place themselves. */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../base/failure.ts';
import type { Picked } from '../../control/acts/shell-acts.ts';

const picksMax = 100;
const prefix = 'pick:';

export class PickBook {
  readonly #picks = new Map<string, string>();

  add(path: string): Picked {
    const id = `${prefix}${randomUUID()}`;
    this.#picks.set(id, path);
    const [oldest] = this.#picks.keys();
    if (this.#picks.size > picksMax && oldest !== undefined) this.#picks.delete(oldest);
    return { id, path };
  }

  /** What a window asks with the places in it that it holds ids of. Throws E_USAGE for a place that nobody picked. */
  place<Question>(question: Question): Question {
    if (typeof question !== 'object' || question === null) return question;
    const placed: Record<string, unknown> = Object.fromEntries(Object.entries(question));
    if (typeof placed['folder'] === 'string') placed['folder'] = this.#pathOf(placed['folder']);
    // The one setting that names a file: whose certificates are trusted.
    if (placed['key'] === 'store.ca' && typeof placed['value'] === 'string' && placed['value'] !== 'default')
      placed['value'] = this.#pathOf(placed['value']);
    const { store } = placed;
    if (typeof store === 'object' && store !== null && 'url' in store && typeof store.url === 'string')
      placed['store'] = { ...store, url: this.#storeOf(store.url) };
    return placed as Question;
  }

  #storeOf(url: string): string {
    if (url.startsWith(prefix)) return pathToFileURL(this.#pathOf(url)).href;
    if (/^\s*file:/i.test(url)) throw unpicked();
    return url;
  }

  #pathOf(id: string): string {
    const path = this.#picks.get(id);
    if (path === undefined) throw unpicked();
    return path;
  }
}

function unpicked(): Failure {
  return new Failure('E_USAGE', 'this folder was not chosen in a dialog', { action: 'choose it again' });
}
