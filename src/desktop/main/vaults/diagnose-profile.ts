/** A report about a profile whose agent does not run: a process of its own makes it, and ends. */
import { execFile } from 'node:child_process';
import type { AgentCommand } from '../agent-process.ts';

/** It reads a few files and counts what the index holds. */
const diagnoseMaxMs = 60_000;
const reportMaxBytes = 4 * 1024 * 1024;

/** Never rejects: that there is no report is one, too. */
export function diagnoseProfile({ program, args, env }: AgentCommand): Promise<string> {
  return new Promise((resolve) => {
    const limits = { timeout: diagnoseMaxMs, maxBuffer: reportMaxBytes, windowsHide: true };
    execFile(program, [...args, '--diagnose'], { env, ...limits }, (error, out) => {
      resolve(error === null ? out : 'the program of Cachette could not be started, or did not end\n');
    });
  });
}
