import os from 'node:os';
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { defaultProfileDir } from '../control/default-profile-dir.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { Failure } from '../base/failure.ts';
import type { CommandRun, Perform } from './command-run.ts';
import { absolutePath } from './folder-option.ts';
import { addAgent } from './commands/agent.ts';
import { addConfig } from './commands/config.ts';
import { addConfirm } from './commands/confirm.ts';
import { addConflicts } from './commands/conflicts.ts';
import { addDevices } from './commands/devices.ts';
import { addHistory } from './commands/history.ts';
import { addInit } from './commands/init.ts';
import { addJoin } from './commands/join.ts';
import { addKeyStorage } from './commands/key-storage.ts';
import { addLs } from './commands/ls.ts';
import { addPause, addResume } from './commands/pause.ts';
import { addProblems } from './commands/problems.ts';
import { addRelink } from './commands/relink.ts';
import { addResolve } from './commands/resolve.ts';
import { addSelective } from './commands/selective.ts';
import { addRestore } from './commands/restore.ts';
import { addRewind } from './commands/rewind.ts';
import { addServe } from './commands/serve.ts';
import { addStatus } from './commands/status.ts';
import { addSync } from './commands/sync.ts';
import { addVault } from './commands/vault.ts';
import { addVerify } from './commands/verify.ts';
import { PassphraseSource } from './passphrase-source.ts';
import { requireSubcommand } from './require-subcommand.ts';
import { reportFailure, toFailure } from './report-failure.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Exit code of a program that a signal ended, by the habit of shells. */
const signalExitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

interface GlobalOptions {
  readonly profile?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly passphraseFile?: string;
}

/** What the command line uses of the process that it runs in. */
export type CliProcess = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env' | 'platform' | 'once'>;

/** Runs the command line. Never throws: gives the exit code. */
export async function runCli(args: readonly string[], proc: CliProcess, clock: Clock = systemClock): Promise<number> {
  const terminal = openTerminal(proc);
  const stopping = new AbortController();
  let exitCode = 0;
  let stoppedBy: keyof typeof signalExitCodes | undefined;
  const onSignal = (signal: keyof typeof signalExitCodes): void => {
    stoppedBy = signal;
    stopping.abort(new Error(`stopped by ${signal}`));
  };
  // Only once: whoever asks again wants it to end at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) proc.once(signal, onSignal);
  let profileDir: string | undefined;
  const fail = async (error: unknown): Promise<number> => {
    const failure = toFailure(error);
    if (failure.code === 'E_FAILED' && profileDir !== undefined) (await import('../agent/profile/note-bug.ts')).noteBug(profileDir, error);
    reportFailure(terminal, failure, args.includes('--json'));
    return failure.exitCode;
  };
  // What nobody awaited. Nothing is known of the program's state then: it ends.
  const crash = async (error: unknown): Promise<void> => {
    // eslint-disable-next-line unicorn/no-process-exit -- as above
    process.exit(await fail(error));
  };
  proc.once('uncaughtException', (error: unknown) => void crash(error));
  const perform: Perform = async (command, act) => {
    const run = prepare(command.optsWithGlobals(), { terminal, proc, clock, signal: stopping.signal });
    ({ profileDir } = run.host);
    exitCode = await act(run);
  };
  try {
    const program = buildProgram(terminal, perform);
    // Options of the program are taken wherever they stand, and `restore` has a --version of its own.
    if (!args.includes('restore')) program.version(packageJson.version);
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (stoppedBy !== undefined && stopping.signal.aborted) {
      terminal.message('cachette: stopped; the next run goes on where this one ended');
      return signalExitCodes[stoppedBy];
    }
    return fail(error);
  }
}

interface Outside {
  readonly terminal: Terminal;
  readonly proc: CliProcess;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

function prepare(options: GlobalOptions, outside: Outside): CommandRun {
  const { terminal, proc, clock, signal } = outside;
  const { env, platform } = proc;
  const isJson = options.json === true;
  const isQuiet = options.quiet === true;
  const passphrase = new PassphraseSource(terminal, env, options.passphraseFile);
  if (options.profile === '') throw new Failure('E_USAGE', '--profile is empty: give the folder that holds the profile');
  const profileDir = absolutePath(
    '--profile',
    options.profile ?? nonEmpty(env['CACHETTE_PROFILE']) ?? defaultProfileDir({ platform, env, home: os.homedir() }),
  );
  return {
    terminal,
    passphrase,
    isJson,
    isQuiet,
    host: {
      profileDir,
      env,
      platform,
      clock,
      signal,
      askPassphrase: () => passphrase.get('known'),
      warn: (message) => {
        terminal.message(`cachette: ${message}`);
      },
    },
    say: (line) => {
      if (!isJson && !isQuiet) terminal.message(line);
    },
    tell: (value, words) => {
      if (isJson) terminal.result(JSON.stringify(value));
      else if (!isQuiet) for (const line of words()) terminal.result(line);
    },
  };
}

function buildProgram(terminal: Terminal, perform: Perform): Command {
  const program = new Command('cachette')
    .description('Keeps folders the same on all of your computers, through storage that is never trusted.')
    .option('--profile <dir>', 'where this device keeps its keys, index and settings (or CACHETTE_PROFILE)')
    .option('--json', 'results as JSON')
    .option('--quiet', 'say nothing that is not an error')
    .option('--passphrase-file <file>', 'answers every question for a passphrase (or CACHETTE_PASSPHRASE)')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => {
        terminal.result(text.trimEnd());
      },
      // Said once, by whoever reports failures.
      writeErr: () => {},
    })
    .addHelpText(
      'after',
      '\nTo begin: `cachette init --store URL --folder DIR` on the first computer, `cachette join` with the same on every other,\nthen `cachette sync`. A store is file:///path, or https://TOKEN@host:port/name of a `cachette serve`.',
    );
  const commands = [
    addInit,
    addJoin,
    addSync,
    addPause,
    addResume,
    addStatus,
    addLs,
    addConflicts,
    addResolve,
    addProblems,
    addHistory,
    addRestore,
    addRewind,
    addConfirm,
    addSelective,
    addDevices,
    addVault,
    addKeyStorage,
    addRelink,
    addVerify,
    addServe,
    addConfig,
    addAgent,
  ];
  for (const add of commands) add(program, perform);
  // Last: commands inherit what the program allows.
  requireSubcommand(program, 'cachette');
  return program;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
