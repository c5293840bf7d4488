/** The command line program. */
import { readFile } from 'node:fs/promises';
import { native } from '../base/native.ts';
import { runCli } from './run-cli.ts';

// Before any key is in memory. The agent is a command, too.
native?.forbidCoreDumps?.();
process.exitCode = await runCli(await typedArguments(process.argv.slice(2)), process);

/** Also where a name in them is no UTF-8, as far as the system tells. */
async function typedArguments(args: readonly string[]): Promise<readonly string[]> {
  if (process.platform !== 'linux' || !args.some((arg) => arg.includes('\uFFFD'))) return args;
  const commandLine = await readFile('/proc/self/cmdline').catch(() => undefined);
  if (commandLine === undefined) return args;
  const { argumentNames } = await import('../agent/show/typed-path.ts');
  return argumentNames(args, commandLine);
}
