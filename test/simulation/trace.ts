/** A rolling hash of all that happens in a history: two runs of one seed that differ anywhere differ here. */
export class Trace {
  #hash = 0x811c9dc5;
  /** Steps so far. */
  count = 0;

  add(text: string): void {
    let hash = this.#hash;
    // FNV-1a over UTF-16 units.
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    this.#hash = Math.imul(hash ^ 0x2f, 0x01000193);
    this.count += 1;
  }

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }
}
