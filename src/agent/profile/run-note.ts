/** What the index remembers of the last run and of one under way, so that `status` can tell without asking anybody. */
import fs from 'node:fs';
import { z } from 'zod';
import { failureMeanings, type FailureCode } from '../../base/failure.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

const noteSchema = z.strictObject({
  /** Process of a run under way. */
  runningPid: z.int().optional(),
  /** When that process began, as the system counts; absent where it does not tell. Another one may have its number by now. */
  runningSince: z.string().optional(),
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

/** Notes that a run of this process is under way. */
export function noteRunning(index: SyncIndex, before: RunNote): void {
  writeRunNote(index, { ...before, runningPid: process.pid, runningSince: startOf(process.pid) });
}

/** Whether the run that the note tells of is still going. A killed one leaves its note behind. */
export function isRunning({ runningPid, runningSince }: RunNote): boolean {
  if (runningPid === undefined) return false;
  try {
    process.kill(runningPid, 0);
    return runningSince === undefined || startOf(runningPid) === runningSince;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The 22nd field of what Linux tells of a process (proc(5)); the second one, its name in brackets, may hold anything. */
function startOf(pid: number): string | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}
