import { CommanderError } from 'commander';
import { Failure } from '../base/failure.ts';
import { oneLine } from './one-line.ts';
import type { Terminal } from './terminal.ts';

/** Anything that was thrown, as a failure: what was not thrown on purpose is a fault of this program. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return new Failure('E_USAGE', error.message.replace(/^error: /, ''));
  return new Failure('E_FAILED', 'something went wrong that should not have', {
    action: 'please report this; details are in the log folder of the profile',
    cause: error,
  });
}

/**
 * One line: what, where, what to do next. Where the store was not believed (exit code 5) the line begins with the code, for
 * scripts. With `--json`, the same as an object on stdout, too.
 */
export function reportFailure(terminal: Terminal, failure: Failure, isJson: boolean): void {
  const { code, message, action, exitCode, subject } = failure;
  // Which object, path or device it is about, unless that is said anyway.
  const what = subject === undefined || message.includes(subject) ? message : `${subject}: ${message}`;
  terminal.message(oneLine(`${exitCode === 5 ? '' : 'cachette: '}${code}: ${sentence(what)} ${sentence(capital(action))}`));
  if (isJson) terminal.result(JSON.stringify({ error: { code, message, action, ...(subject === undefined ? {} : { subject }) } }));
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
