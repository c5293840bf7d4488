import type { Command } from 'commander';
import { Failure } from '../base/failure.ts';

/**
 * For a command that does nothing by itself: says which one is missing, or not known, in place of what commander says
 * (`(outputHelp)`, "too many arguments").
 */
export function requireSubcommand(command: Command, called: string): void {
  command.allowExcessArguments().action(() => {
    const [given] = command.args;
    const message = given === undefined ? `a command is missing after \`${called}\`` : `there is no command '${called} ${given}'`;
    throw new Failure('E_USAGE', message, { action: `see \`${called} --help\`` });
  });
}
