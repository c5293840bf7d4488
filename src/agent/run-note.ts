/** What the index remembers of the last run and of one under way, so that `status` can tell without asking anybody. */
import { z } from 'zod';
import { failureMeanings, type FailureCode } from '../base/failure.ts';
import type { SyncIndex } from '../index/sync-index.ts';

const noteSchema = z.strictObject({
  /** Process of a run under way. */
  runningPid: z.int().optional(),
  /** Why the last run did not get through; absent where it did. */
  code: z
    .string()
    .refine((code) => code in failureMeanings)
    .transform((code) => code as FailureCode)
    .optional(),
  /** When folder and vault last agreed, milliseconds since 1970. */
  syncedMs: z.number().optional(),
});
export type RunNote = Readonly<z.output<typeof noteSchema>>;

const settingKey = 'run';

/** Nothing is known of runs where the note is missing or not readable. */
export function readRunNote(index: SyncIndex): RunNote {
  try {
    return noteSchema.parse(JSON.parse(index.settings.findText(settingKey) ?? '{}'));
  } catch {
    return {};
  }
}

export function writeRunNote(index: SyncIndex, note: RunNote): void {
  index.settings.writeText(settingKey, JSON.stringify(note));
}

/** Whether the run that the note tells of is still going. A killed one leaves its note behind. */
export function isRunning({ runningPid }: RunNote): boolean {
  if (runningPid === undefined) return false;
  try {
    process.kill(runningPid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
