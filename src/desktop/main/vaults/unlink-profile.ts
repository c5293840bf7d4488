/** Parting from a folder whose agent does not run: a process of its own does it, and ends. */
import { execFile } from 'node:child_process';
import { z } from 'zod';
import { Failure, failureMeanings, type FailureCode } from '../../../base/failure.ts';
import type { AgentCommand } from '../agent-process.ts';

/** It reads and removes a few files, and asks the keychain once. */
const unlinkMaxMs = 60_000;

const told = z.object({ error: z.object({ code: z.string(), message: z.string(), action: z.string() }) });

/** Throws what it failed with: E_BUSY where somebody else is at work on the profile. */
export function unlinkProfile({ program, args, env }: AgentCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args, '--unlink', '--json'], { env, timeout: unlinkMaxMs, windowsHide: true }, (error, out) => {
      if (error === null) resolve();
      else reject(toFailure(out, error));
    });
  });
}

function toFailure(out: string, cause: Error): Failure {
  const said = readFailure(out);
  if (said === undefined) return new Failure('E_FAILED', 'the program of Cachette could not be started, or did not end', { cause });
  const { code, message, action } = said;
  return new Failure(code in failureMeanings ? (code as FailureCode) : 'E_FAILED', message, { action });
}

function readFailure(out: string): z.output<typeof told>['error'] | undefined {
  try {
    return told.parse(JSON.parse(out.trim().split('\n').at(-1) ?? '')).error;
  } catch {
    return undefined;
  }
}
