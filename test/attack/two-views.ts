import { StoreFolder } from './store-folder.ts';

/** Whom an object is on its way to. */
export type Receiver = 'new' | 'vault';

/** What the attacker lets through: other bytes, or undefined for nothing. */
export type Meddling = (name: string, bytes: Buffer, receiver: Receiver) => Buffer | undefined;

/** What the attacker does on its own account, again and again. */
export type Mischief = () => void;

const everyMs = 8;
/** What concerns enrolments: all else was copied before. */
const passed = ['enrol', 'keys'] as const;

/**
 * A store that shows the new device and the vault's devices different things: two folders, with the attacker in between. Lists
 * of devices pass; messages of enrolments pass as it likes.
 */
export class TwoViews {
  readonly #sides: Readonly<Record<Receiver, StoreFolder>>;
  readonly #timer: NodeJS.Timeout;
  readonly #decided = new Set<string>();

  constructor(sides: Readonly<Record<Receiver, StoreFolder>>, meddle: Meddling, mischief: Mischief = () => {}) {
    this.#sides = sides;
    this.#timer = setInterval(() => {
      this.#pass('new', 'vault', meddle);
      this.#pass('vault', 'new', meddle);
      mischief();
    }, everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #pass(from: Receiver, to: Receiver, meddle: Meddling): void {
    const there = new Set(namesPassed(this.#sides[to]));
    for (const name of namesPassed(this.#sides[from])) {
      if (there.has(name) || this.#decided.has(`${to} ${name}`)) continue;
      // What one side removes again was decided about already.
      this.#decided.add(`${to} ${name}`);
      this.#decided.add(`${from} ${name}`);
      const bytes = name.startsWith('keys/') ? this.#sides[from].read(name) : meddle(name, this.#sides[from].read(name), to);
      if (bytes !== undefined) this.#sides[to].write(name, bytes);
    }
  }
}

function namesPassed(store: StoreFolder): string[] {
  return passed.flatMap((folder) => new StoreFolder(store.path(folder)).names().map((name) => `${folder}/${name}`));
}
