/** Executing a plan: its steps in their order (operation-steps.ts), while the files that they bring come portion by portion. */
import { Failure } from '../../base/failure.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { Operation } from '../../planner/operation.ts';
import { FetchedFiles, fetchSuspects, isSuspect, type FetchContext, type FetchOperation, type Placed } from '../content/fetch-files.ts';
import type { EngineParts } from '../engine-parts.ts';
import { beginBringing, endBringing } from './bringing.ts';
import { portionsOf } from './operation-portions.ts';
import { OperationSteps } from './operation-steps.ts';

/** Steps that need none of the files fetched before them, so that fetching goes on across them. */
const besideFetch = new Set<Operation['do']>(['fetch', 'make-folder', 'make-link', 'adopt', 'record', 'hold']);

/** What running a plan's steps came to. */
export interface OperationReport {
  /** Steps that did something. */
  readonly done: number;
  /** Folders that did not hold what was expected: look there again. */
  readonly lookAgain: ReadonlySet<NodeId>;
}

/**
 * Runs the steps in order; reads are not among them (read-files.ts). Throws what concerns the store as a whole. Where the
 * store fails a file for the first time, nothing has been done in the folder of the portion that the file belongs to.
 */
export async function runOperations(parts: EngineParts, operations: readonly Operation[], signal: AbortSignal): Promise<OperationReport> {
  const run = new OperationRun(parts, signal);
  const { steps } = run;
  const rest = portionsOf(operations, parts.portions);
  let next = run.beginNext(rest);
  try {
    for (let portion = await next; portion !== undefined; portion = await next) {
      const { operations: these, files }: Portion = portion;
      await using _ = files;
      // The next one's files come while these are made durable and get their places: nothing of the folder is touched for that.
      next = files.filled().then((areAll) => (areAll ? run.beginNext(rest) : undefined));
      // What is wrong with it is told when its turn comes.
      void Promise.allSettled([next]);
      await files.ready();
      const bringing = beginBringing(parts.index, these, files.identityOf);
      await run.portion(these, files);
      // What may have come about all the same is known by what is noted of it; of a move that left both names, which one is to go (half-moves.ts).
      if (!steps.isInDoubt)
        steps.rows.later(() => {
          endBringing(parts.index, bringing);
        });
      steps.forgetDoubt();
      await steps.rows.settle();
    }
  } finally {
    const [begun] = await Promise.allSettled([next]);
    if (begun.status === 'fulfilled') await begun.value?.files[Symbol.asyncDispose]();
  }
  if (steps.rows.hasDisplaced) steps.lookAgain.add(rootId);
  return { done: steps.done, lookAgain: steps.lookAgain };
}

/** Steps that are run together, and the files that they bring. */
interface Portion {
  readonly operations: readonly Operation[];
  readonly files: FetchedFiles;
}

class OperationRun {
  readonly steps: OperationSteps;
  readonly #parts: EngineParts;
  readonly #context: FetchContext;

  constructor(parts: EngineParts, signal: AbortSignal) {
    this.#parts = parts;
    this.steps = new OperationSteps(parts);
    this.#context = { parts, rows: this.steps.rows, signal, isInDoubt: () => this.steps.isInDoubt };
  }

  /** Begins to bring what the next steps need of the store. */
  async beginNext(rest: Iterator<readonly Operation[], void>): Promise<Portion | undefined> {
    const portion = rest.next();
    if (portion.done === true) return undefined;
    const operations = portion.value;
    const wanted = operations.filter((operation) => operation.do === 'fetch').filter(({ node }) => !this.steps.hasFailed(node));
    const files = new FetchedFiles(this.#context, ({ node }, failure) => this.steps.fail(node, failure));
    // Asked one by one outside of a transaction, each would lock the index's file for itself.
    const trusted = this.#parts.index.transaction(() => wanted.filter((operation) => !isSuspect(this.#parts, operation)));
    await files.begin(trusted);
    return { operations, files };
  }

  /** Runs the steps, whose files were brought. */
  async portion(operations: readonly Operation[], files: FetchedFiles): Promise<void> {
    const fetches = new Map<NodeId, FetchOperation>();
    for (const operation of operations) {
      this.#context.signal.throwIfAborted();
      if (operation.do === 'fetch') fetches.set(operation.node, operation);
      else {
        if (fetches.size > 0 && !besideFetch.has(operation.do)) {
          await this.#place(files, [...fetches.values()]);
          fetches.clear();
        }
        // A record that follows a fetch of the same node is part of that fetch.
        if (operation.do !== 'record' || !fetches.has(operation.node)) await this.steps.run(operation);
      }
    }
    await this.#place(files, [...fetches.values()]);
  }

  async #place(files: FetchedFiles, fetches: readonly FetchOperation[]): Promise<void> {
    const ready = fetches.filter(({ node }) => !this.steps.hasFailed(node));
    if (ready.length === 0) return;
    const placed: Placed = async (operation, outcome) => {
      if (outcome instanceof Failure) {
        await this.steps.failIn(operation, outcome);
        return;
      }
      const { mtimeUs, executable, fromOutside } = operation;
      const meant = { kind: 'file', mtimeUs, executable, fromOutside } as const;
      const isThere = this.steps.finish(operation.node, operation.place, { outcome, content: operation.content, meant });
      if (isThere) this.steps.rows.record(operation.node);
    };
    await files.place(ready, placed);
    await fetchSuspects(
      this.#context,
      ready.filter((operation) => !files.has(operation)),
      placed,
    );
  }
}
