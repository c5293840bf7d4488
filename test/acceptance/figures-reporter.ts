import type { Reporter, TestCase } from 'vitest/node';
import type { Figure } from './check-figure.ts';

/** A table: what was measured, and what it may be at most. */
class FiguresReporter implements Reporter {
  readonly #figures: Figure[] = [];
  readonly #broken: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { figures = [] } = test.meta();
    for (const figure of figures) process.stdout.write(`${row(figure)}\n`);
    this.#figures.push(...figures);
    const { state, errors = [] } = test.result();
    // What is over its limit stands in the table already.
    const others = errors.filter(({ name }) => name !== 'AssertionError' || figures.every(isWithin));
    if (state === 'failed') this.#broken.push(...others.map(({ message }) => `${test.fullName}: ${message}`));
  }

  onTestRunEnd(_modules: unknown, unhandled: readonly { readonly message: string }[]): void {
    const broken = [...this.#broken, ...unhandled.map(({ message }) => message)];
    for (const line of broken) process.stdout.write(`BROKEN  ${line}\n`);
    const over = this.#figures.filter((figure) => !isWithin(figure)).length;
    process.stdout.write(`\n${this.#figures.length - over} within, ${over} over, ${broken.length} broken\n`);
  }
}

function isWithin({ measured, limit }: Figure): boolean {
  return measured <= limit;
}

function row(figure: Figure): string {
  const { what, measured, limit, unit } = figure;
  const numbers = [measured, limit].map((value) => (unit === 'objects' ? String(value) : value.toFixed(1)).padStart(8));
  return `${isWithin(figure) ? 'ok  ' : 'OVER'}  ${what.padEnd(60)} ${numbers.join('  of at most ')} ${unit}`;
}

// Vitest asks for a default export.
export default FiguresReporter;
