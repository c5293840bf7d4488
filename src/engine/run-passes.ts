import { Failure } from '../base/failure.ts';
import type { NodeId } from '../model/ids.ts';
import type { EngineParts } from './engine-parts.ts';
import { findLocalPath } from './local-path.ts';
import { isIntegrityFailure, noteProblem } from './problems.ts';
import type { Meanwhile } from './meanwhile.ts';
import { runPass } from './sync-pass.ts';

/** A folder that is written to all the time never comes to rest: then this is enough, the next run goes on. */
const passesMax = 12;

/** How a run deals with files that the store fails. */
export interface RunOptions {
  /**
   * Whether it then tries each of them by itself, with all others. A device that was in agreement before stops and says so
   * first: its folder is as good as it was. One that never was has nothing yet, and gets all there is.
   */
  readonly goesOn: boolean;
  readonly signal: AbortSignal;
  /** Whether nobody comes back to files that are being written but a person: then they are problems in the end. */
  readonly isOnly?: boolean | undefined;
  /** Where somebody hears of changes meanwhile. */
  readonly meanwhile?: Meanwhile | undefined;
}

/** What the passes of a run came to. */
export interface PassesReport {
  readonly passes: number;
  /** Nodes that still disagree. */
  readonly left: number;
  /** Whether the last pass found nothing to do any more. */
  readonly isAtRest: boolean;
}

/** Passes until folder and vault agree, as far as they can now. Throws as `runPass`. */
export async function runPasses(parts: EngineParts, { goesOn, isOnly = false, signal, meanwhile }: RunOptions): Promise<PassesReport> {
  let left = 0;
  let isRestless = false;
  let restless: readonly NodeId[] = [];
  for (let passes = 1; passes <= passesMax;) {
    const noted = parts.index.problems.count();
    // What was written to while it was read is tried by itself: each look at everything would be for that alone. The last one is for all else.
    const hints = isRestless && passes < passesMax ? { paths: [] } : undefined;
    try {
      const report = await runPass(parts, signal, hints, meanwhile);
      left = report.left;
      ({ isRestless, restless } = report);
      // Nobody tells when a file has come to rest: it is tried a few times more.
      if (!report.isChanged && !isRestless && hints === undefined) return { passes, left, isAtRest: true };
      passes += 1;
    } catch (error) {
      // The files are noted now: the next pass (this run's or another's) tries each by itself. Each failure has to note some
      // that were not noted before, so this comes to an end.
      if (!goesOn || !isIntegrityFailure(error) || parts.index.problems.count() <= noted) throw error;
    }
  }
  if (isOnly) noteStillWritten(parts, restless);
  return { passes: passesMax, left, isAtRest: false };
}

function noteStillWritten(parts: EngineParts, nodes: readonly NodeId[]): void {
  const { index } = parts;
  for (const node of nodes) {
    const path = findLocalPath((id) => index.local.find(id), node);
    if (path !== undefined)
      noteProblem(parts, { node, path, failure: new Failure('E_STILL_WRITTEN', 'it was written to whenever it was read') });
  }
}
