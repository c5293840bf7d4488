/** One run of a device's engine, seen from its ports: what it asks for is counted and traced, and may be disturbed. */
import type { Clock } from '../../src/base/clock.ts';
import type { Call } from '../world/fake-disk/fake-calls.ts';
import type { StoreCall } from '../world/memory-store.ts';
import type { Turns } from './turns.ts';

/** Something an engine is about to do at a port, or (in the store) has just done. */
export interface PortCall {
  readonly port: 'disk' | 'store';
  readonly verb: string;
  /** As the folder shows it, or the object's name. */
  readonly path: string;
  readonly toPath: string | undefined;
  readonly mutates: boolean;
  /** The store has done it, the engine does not know yet. */
  readonly isDone: boolean;
  /** Place among all calls of this run, from 0. */
  readonly index: number;
}

/** Calls on the way to an item that an engine is going to act on; a scan lists the folder, and looks at everything in it. */
const onTheWay = new Set(['openTop', 'openFolder', 'statFolder']);

/** Whether the engine looks at one item of the folder, as it does before it acts on it and afterwards. */
export function isPointedLook({ verb, path }: PortCall, before: PortCall | undefined): boolean {
  return verb === 'lstat' && !path.startsWith('.cachette') && before !== undefined && onTheWay.has(before.verb);
}

/**
 * What happens at a call: people act (by side effect), the call fails with a code of the operating system (disk only), or
 * the process ends.
 */
export type Disturb = (call: PortCall) => 'kill' | 'power' | { readonly errno: string } | undefined;

/** More than any sync of a small folder needs: then it goes round in circles. */
const callsMax = 100_000;

/** The process is gone, in the middle of whatever it did. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface ProcessParts {
  readonly name: string;
  readonly turns: Turns;
  readonly disturb: Disturb;
  /** Is told of each call. */
  readonly trace: (call: PortCall) => void;
  /** The process ends now. */
  readonly onCrash: (how: 'kill' | 'power') => void;
}

export class SimProcess {
  readonly #parts: ProcessParts;
  #calls = 0;
  #crash: Crash | undefined;
  #isDisturbing = false;

  constructor(parts: ProcessParts) {
    this.#parts = parts;
  }

  get isAlive(): boolean {
    return this.#crash === undefined;
  }

  /** Calls so far. */
  get calls(): number {
    return this.#calls;
  }

  /** Hook of the disk, before each call. Names the code that the call fails with. */
  readonly onDiskCall = ({ verb, path, toPath, mutates }: Call): string | undefined => {
    // What a person does is no call of the engine.
    if (this.#isDisturbing) return undefined;
    return this.#judge({ port: 'disk', verb, path, toPath, mutates, isDone: false });
  };

  /** Hook of the disk, before what takes time. */
  readonly pause = async (): Promise<void> => {
    await this.#turn();
  };

  readonly beforeRequest = async ({ verb, name }: StoreCall): Promise<void> => {
    await this.#turn();
    this.#judge({ port: 'store', verb, path: name, toPath: undefined, mutates: verb === 'putNew' || verb === 'delete', isDone: false });
  };

  readonly afterRequest = async ({ verb, name }: StoreCall): Promise<void> => {
    if (verb === 'putNew' || verb === 'delete')
      this.#judge({ port: 'store', verb, path: name, toPath: undefined, mutates: false, isDone: true });
    await this.#turn();
  };

  /** Before the second copy of the pin is written. */
  async beforePin(): Promise<void> {
    await this.#turn();
    this.#judge({ port: 'disk', verb: 'writePin', path: '', toPath: undefined, mutates: true, isDone: false });
  }

  /** The engine's clock: waiting is a turn, too. */
  clock(clock: Clock): Clock {
    return {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (delayMs, signal) => {
        signal?.throwIfAborted();
        await this.#turn(clock.monotonicMs() + Math.max(0, delayMs));
        signal?.throwIfAborted();
      },
    };
  }

  async #turn(dueMs?: number): Promise<void> {
    this.#requireLife();
    await this.#parts.turns.take(this.#parts.name, dueMs);
    this.#requireLife();
  }

  #requireLife(): void {
    if (this.#crash !== undefined) throw this.#crash;
  }

  #judge(call: Omit<PortCall, 'index'>): string | undefined {
    this.#requireLife();
    if (this.#calls >= callsMax) throw new Error(`${this.#parts.name} goes round in circles: ${call.verb} ${call.path}`);
    const whole = { ...call, index: this.#calls };
    this.#calls += 1;
    this.#parts.trace(whole);
    this.#isDisturbing = true;
    const disturbance = this.#parts.disturb(whole);
    this.#isDisturbing = false;
    if (disturbance === undefined) return undefined;
    if (typeof disturbance === 'object') return call.port === 'disk' ? disturbance.errno : undefined;
    this.#crash = new Crash(`killed at ${call.verb} ${call.path}`);
    this.#parts.onCrash(disturbance);
    this.#parts.turns.drop(this.#parts.name, this.#crash);
    throw this.#crash;
  }
}
