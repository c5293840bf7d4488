import path from 'node:path';
import type { Reporter, TestCase } from 'vitest/node';
import { isCaseOf, readCatalogue, type CatalogueEntry } from './catalogue.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');

/** How the cases of one entry went. */
interface Tally {
  readonly entry: CatalogueEntry;
  held: number;
  readonly fell: string[];
}

/** One line for each case of the attack suite, then the catalogue, entry by entry: an entry holds where all of its cases do. */
class HeldOrFellReporter implements Reporter {
  readonly #tallies: readonly Tally[] = readCatalogue().map((entry) => ({ entry, held: 0, fell: [] }));
  readonly #fellBeside: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result();
    // Left out by a filter on the command line.
    if (state === 'skipped') return;
    const held = state === 'passed';
    const file = path.relative(projectDir, test.module.moduleId).split(path.sep).join('/');
    const tallies = this.#tallies.filter(({ entry }) => isCaseOf(entry, file, test.fullName));
    for (const tally of tallies) {
      if (held) tally.held += 1;
      else tally.fell.push(test.fullName);
    }
    const ids = tallies.map(({ entry }) => entry.id).join(' ');
    if (held && tallies.length === 0) return;
    if (!held && tallies.length === 0) this.#fellBeside.push(test.fullName);
    process.stdout.write(`${held ? 'held' : 'FELL'}  ${ids}  ${test.fullName}\n`);
    for (const { message } of errors) process.stdout.write(`      ${message.split('\n')[0] ?? ''}\n`);
  }

  onTestRunEnd(_modules: unknown, unhandled: readonly { readonly message: string }[]): void {
    process.stdout.write('\n');
    const fallen = this.#tallies.filter(({ held, fell }) => fell.length > 0 || held === 0);
    for (const { entry, held, fell } of this.#tallies) {
      const verdict = fell.length === 0 && held > 0 ? 'held' : 'FELL';
      const cases = held + fell.length === 0 ? 'no case of it was run' : `${held + fell.length} cases`;
      process.stdout.write(`${verdict}  ${entry.id}  ${entry.title} (${cases})\n`);
      for (const name of fell) process.stdout.write(`      ${name}\n`);
    }
    const beside = [...this.#fellBeside, ...unhandled.map(({ message }) => message)];
    for (const name of beside) process.stdout.write(`FELL  beside the catalogue: ${name}\n`);
    process.stdout.write(`\n${this.#tallies.length - fallen.length} of ${this.#tallies.length} entries held\n`);
    // An entry without a case is no failed case: nobody else would say so.
    if (fallen.length + beside.length > 0) process.exitCode = 1;
  }
}

// Vitest asks for a default export.
export default HeldOrFellReporter;
