import type { Reporter, TestCase } from 'vitest/node';

/** One line for each case of the attack suite: whether it held, and what was tried. */
class HeldOrFellReporter implements Reporter {
  #held = 0;
  readonly #fell: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    // Left out by a filter on the command line.
    if (state === 'skipped') return;
    if (state === 'passed') this.#held += 1;
    else this.#fell.push(test.fullName);
    process.stdout.write(`${state === 'passed' ? 'held' : 'FELL'}  ${test.fullName}\n`);
    for (const { message } of test.result().errors ?? []) process.stdout.write(`      ${message.split('\n')[0] ?? ''}\n`);
  }

  onTestRunEnd(_modules: unknown, unhandled: readonly { readonly message: string }[]): void {
    for (const { message } of unhandled) process.stdout.write(`FELL  ${message}\n`);
    process.stdout.write(`\n${this.#held} held, ${this.#fell.length + unhandled.length} fell\n`);
    for (const name of this.#fell) process.stdout.write(`  ${name}\n`);
  }
}

// Vitest asks for a default export.
export default HeldOrFellReporter;
