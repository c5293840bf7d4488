import { Failure, failureMeanings } from '../../src/base/failure.ts';
import type { Dice } from './dice.ts';
import { mutate } from './mutate.ts';

/** Something that reads what others wrote. */
export interface Parser {
  readonly name: string;
  /** Inputs that it accepts. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Reads; the same once more as bytes, where it has one spelling of everything. Throws only failures with one of these codes.
   */
  readonly read: (bytes: Uint8Array) => Uint8Array | undefined;
  readonly codes: readonly string[];
}

/** What was tried, and what is wrong. */
export interface Finding {
  readonly parser: string;
  readonly input: Uint8Array;
  readonly what: string;
}

/** Inputs that taught something new: the next ones are made from them too. */
const corpusMax = 400;
const slowMs = 1_000;
/** Larger ones are cut: they would only be slow. */
const inputMaxBytes = 100_000;

/**
 * Feeds one parser. What counts as new is an outcome that was not seen before: the shape of what was accepted, or what a
 * refusal says, numbers left out.
 */
export class ParserFuzz {
  readonly parser: Parser;
  readonly #dice: Dice;
  readonly #corpus: Uint8Array[];
  readonly #outcomes = new Set<string>();
  inputs = 0;
  accepted = 0;

  constructor(parser: Parser, dice: Dice) {
    this.parser = parser;
    this.#dice = dice;
    this.#corpus = [...parser.seeds];
  }

  /** Different outcomes so far. */
  get outcomes(): number {
    return this.#outcomes.size;
  }

  /** Each seed must be accepted, or the fuzz would be of nothing. */
  checkSeeds(): Finding | undefined {
    for (const input of this.parser.seeds) {
      const { what, outcome } = this.#try(input);
      if (what !== undefined || !outcome.startsWith('accepted'))
        return { parser: this.parser.name, input, what: what ?? `a seed: ${outcome}` };
    }
    return undefined;
  }

  /** One input. */
  step(): Finding | undefined {
    const input = mutate(this.#dice.of(this.#corpus), this.#corpus, this.#dice).subarray(0, inputMaxBytes);
    const { what, outcome } = this.#try(input);
    if (what !== undefined) return { parser: this.parser.name, input, what };
    if (!this.#outcomes.has(outcome)) {
      this.#outcomes.add(outcome);
      if (this.#corpus.length < corpusMax) this.#corpus.push(input);
    }
    return undefined;
  }

  #try(input: Uint8Array): { readonly outcome: string; readonly what?: string } {
    this.inputs += 1;
    const startMs = performance.now();
    try {
      const again = this.parser.read(input);
      this.accepted += 1;
      if (again !== undefined && Buffer.compare(again, input) !== 0)
        return { outcome: '', what: `accepted, and spelled otherwise: ${hex(again)}` };
      return finished(`accepted, ${Math.ceil(Math.log2(input.length + 1))}`, startMs);
    } catch (error) {
      if (!(error instanceof Failure))
        return { outcome: '', what: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
      if (!Object.hasOwn(failureMeanings, error.code) || !this.parser.codes.includes(error.code))
        return { outcome: '', what: `refused with ${error.code}, which is not documented for it: ${error.message}` };
      if (error.message.includes('\n')) return { outcome: '', what: `a message of more than a line: ${error.message}` };
      return finished(`${error.code} ${error.message.replaceAll(/[0-9a-f]{6,}|\d+/g, '#')}`, startMs);
    }
  }
}

function finished(outcome: string, startMs: number): { readonly outcome: string; readonly what?: string } {
  const tookMs = performance.now() - startMs;
  if (tookMs > slowMs) return { outcome, what: `took ${Math.round(tookMs)} ms` };
  if (({} as Record<string, unknown>)['polluted'] !== undefined) return { outcome, what: 'changed the prototype of everything' };
  return { outcome };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').slice(0, 200);
}
