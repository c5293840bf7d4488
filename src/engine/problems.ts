import { Failure, type FailureCode } from '../base/failure.ts';
import type { NodeId } from '../model/ids.ts';
import { displayName } from '../model/name.ts';
import type { EngineParts } from './engine-parts.ts';

/** How long an item that failed rests before it is tried again by a running agent; a one-shot run tries at once. */
const restMs = 60_000;

/** Problems looked at together. */
const pageProblems = 1_000;

/** Codes that mean: what the store gave for this item is not what was written. */
const integrityCodes = new Set(['E_TAMPER', 'E_MISSING', 'E_FORMAT', 'E_LIMIT', 'E_DOWNGRADE', 'E_EPOCH']);

/** Codes that mean: this disk does not take this item. */
const refusedHere = new Set(['E_DISK', 'E_UNSAFE_NAME']);

/** Whether a failure says that the store's answer is not authentic (and not merely that it is away). */
export function isIntegrityFailure(error: unknown): error is Failure {
  return error instanceof Failure && integrityCodes.has(error.code);
}

/** Whether a failure of a step on the disk concerns the item alone. */
export function isRefusedHere(error: unknown): error is Failure {
  return error instanceof Failure && refusedHere.has(error.code);
}

/** Notes that an item can't be synced now. It rests; everything else goes on. */
export function noteProblem(parts: EngineParts, { node, path, failure }: { node: NodeId; path: string; failure: Failure }): void {
  const { index, clock } = parts;
  const { code, message, action } = failure;
  // What was wrong with it before, or where it stood then, is of no interest any more.
  index.problems.clearOthers(node, { path, code });
  index.problems.replace({ node, path, code, message, action, sinceMs: clock.nowMs() });
  index.dirty.hold(node, clock.nowMs() + restMs);
  parts.emit({ event: 'problem', code, path: displayName(path), message, action });
}

/** Problems whose node is at rest are none: most go where their node comes to rest (the index sees to that), these were noted of one that was. */
export function clearSolved({ index }: EngineParts): void {
  let last: { readonly path: string; readonly code: FailureCode } | undefined;
  for (let page = index.problems.list(pageProblems); page.length > 0; page = index.problems.list(pageProblems, last)) {
    for (const { node } of page) if (node !== undefined && !index.dirty.has(node)) index.problems.clearNode(node);
    last = page.at(-1);
    if (last === undefined) return;
  }
}
