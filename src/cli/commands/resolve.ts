import { Option } from 'commander';
import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatCount } from '../format-units.ts';

interface Options {
  readonly keep: 'local' | 'remote' | 'both';
  readonly all?: true;
}

/** `cachette resolve` */
export const addResolve: AddCommand = (program, perform) => {
  const command = program
    .command('resolve')
    .description('decide conflicts, for all devices')
    .argument('[id...]', 'ids of conflicts, as `cachette conflicts` shows them')
    .addOption(
      new Option('--keep <version>', "local: the copy's version; remote: the one that kept the name; both: two ordinary files")
        .choices(['local', 'remote', 'both'])
        .makeOptionMandatory(),
    )
    .option('--all', 'every open conflict');
  command.action((ids: readonly string[]) => perform(command, (run) => resolve(run, ids, command.opts<Options>())));
};

async function resolve(run: CommandRun, ids: readonly string[], { keep, all }: Options): Promise<number> {
  if ((ids.length === 0) !== (all === true)) throw new Failure('E_USAGE', 'name the conflicts, or give --all');
  const asking = await import('../../agent/ask-or-do.ts');
  const { resolved } = await asking.resolve(run.host, all === true ? 'all' : ids, keep);
  run.tell({ resolved }, () => [resolved === 0 ? 'No open conflicts.' : `${formatCount(resolved, 'conflict')} decided.`]);
  return 0;
}
