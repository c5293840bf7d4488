import { inspect } from 'node:util';

/** Holds something that must never be printed: text, JSON and inspection all show `[secret]`. */
export class Secret<Value extends Uint8Array | string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  /** The value itself; don't keep it longer than it is used. */
  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
