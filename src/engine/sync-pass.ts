/**
 * One pass: bring the journal's news, then plan and act until nothing is left to do that this device can do now.
 * All state is in the index, so a pass may end anywhere; the next one plans afresh from what is there.
 */
import { Failure } from '../base/failure.ts';
import { endOldBringing, hasOldBringing } from './act/bringing.ts';
import type { EngineParts } from './engine-parts.ts';
import { findFolders } from './scan/find-folders.ts';
import { giveUpMounts } from './scan/give-up-mounts.ts';
import { noteInTheWay } from './scan/in-the-way.ts';
import { noteLeftOutEntries } from './act/left-out-entries.ts';
import { bringBackLetGo } from './act/let-go.ts';
import { removeEmptied } from './scan/left-behind.ts';
import { learnTraits } from './scan/learn-traits.ts';
import { observe } from './scan/observe.ts';
import { noteAgreement } from './past/past-in-doubt.ts';
import type { NodeId } from '../model/ids.ts';
import type { ScanResult } from './scan/scan.ts';
import { searchConflicted } from './scan/search-conflicted.ts';
import { beginRebuilding, endRebuilding } from './rebuilding.ts';
import { clearSolved } from './problems.ts';
import type { Hints, Meanwhile } from './meanwhile.ts';
import { Settling } from './settling.ts';

/** What a pass came to. */
export interface PassReport {
  /** Whether anything was done: then it is worth looking once more. */
  readonly isChanged: boolean;
  /** Whether files were written to while they were read: those that go on so are left for when they rest. */
  readonly isRestless: boolean;
  /** Those of them that have not come to rest. */
  readonly restless: readonly NodeId[];
  /** Nodes that still disagree (problems, and what waits for them). */
  readonly left: number;
}

/**
 * Runs one pass. Looks at the whole folder, or only where the hints say. Throws what concerns the vault, the store or the folder as a whole.
 */
export async function runPass(parts: EngineParts, signal: AbortSignal, hints?: Hints, meanwhile?: Meanwhile): Promise<PassReport> {
  // What a run that was killed has put in place is known by the place alone: before it is found there, the vault must not move it on.
  const seen = hasOldBringing(parts.index) ? undefined : hints;
  parts.index.leftOut.apply();
  await giveUpMounts(parts);
  await learnTraits(parts);
  const scan = seen === undefined ? await scanAll(parts, signal) : await observe(parts, signal, findFolders(parts, seen.paths), seen);
  await removeEmptied(parts, scan.emptied);
  const wasNew = !hasSpoken(parts);
  const news = await parts.journal.catchUp(signal, { takesPart: true });
  if (wasNew && hasSpoken(parts)) beginRebuilding(parts.index);
  noteLeftOutEntries(parts, news);
  if (news.lacking !== undefined) {
    await new Settling(parts, signal, { isPart: true }).run(false);
    throw asPart(news.lacking);
  }
  await bringBackLetGo(parts, signal);
  const isFoundLate = await searchConflicted(parts, signal, scan.forgotten);
  const settling = new Settling(parts, signal, { meanwhile, resting: hints?.resting });
  await settling.run(seen === undefined);
  if (seen === undefined) {
    endOldBringing(parts.index);
    clearSolved(parts);
  }
  const left = parts.index.dirty.count();
  if (left > 0) await noteInTheWay(parts);
  if (left === 0) {
    endRebuilding(parts.index);
    noteAgreement(parts.index);
  }
  const isChanged = scan.isChanged || isFoundLate || news.arrived > 0 || settling.isChanged;
  return { isChanged, isRestless: settling.isRestless, restless: settling.restless, left };
}

/** Whether the index knows entries of this device: one that hears of them from the store was lost, and is built again. */
function hasSpoken({ journal, device }: EngineParts): boolean {
  return journal.devices().some((known) => known.device === device.id);
}

/** The failure of a first run that brought what could be verified. */
function asPart(failure: Failure): Failure {
  const { code, message, subject } = failure;
  const action = 'what could be verified was brought, and nothing was sent; put the right store back, and the next run goes on';
  return new Failure(code, message, { ...(subject === undefined ? {} : { subject }), action, cause: failure });
}

async function scanAll(parts: EngineParts, signal: AbortSignal): Promise<ScanResult> {
  parts.emit({ event: 'scanning' });
  const scan = await observe(parts, signal);
  parts.emit({ event: 'scanned', items: scan.items });
  return scan;
}
