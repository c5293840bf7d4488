import { isAbsolute } from 'node:path';
import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatCount } from '../format-units.ts';
import { parseTime } from '../parse-time.ts';

interface Options {
  readonly version?: string;
  readonly at?: string;
  readonly to?: string;
}

/** `cachette restore` */
export const addRestore: AddCommand = (program, perform) => {
  const command = program
    .command('restore')
    .argument('<path>', 'as it was called then')
    .description('bring back what was deleted, or what a file was before its last edit')
    .option('--version <id>', 'this version, as `cachette history` lists it')
    .option('--at <time>', 'what stood there then: 2026-03-01, 2026-03-01T12:30, or 2h, 3d ago')
    .option('--to <path>', 'to another place in the folder')
    .addHelpText(
      'after',
      '\nWhat stands there now stays in the history and goes to .cachette/trash; what is not synced is never overwritten.',
    );
  command.action((path: string) => perform(command, (run) => bringBack(run, path, command.opts<Options>())));
};

async function bringBack(run: CommandRun, path: string, { version, at, to }: Options): Promise<number> {
  if (version !== undefined && at !== undefined) throw new Failure('E_USAGE', 'give --version or --at, not both');
  if (to !== undefined && isAbsolute(to))
    throw new Failure('E_USAGE', `--to takes a path in the synced folder, as \`cachette ls\` shows it, not ${to}`);
  const [{ restore }, { showPath }] = await Promise.all([import('../../agent/ask-or-do.ts'), import('../../agent/show/show-path.ts')]);
  const atMs = at === undefined ? undefined : parseTime(at, run.host.clock.nowMs());
  const outcome = await restore(run.host, { path, version, atMs, to });
  const { files, folders } = outcome;
  const what = files + folders === 0 ? 'is there as it was' : `is back: ${formatCount(files, 'file')}`;
  run.tell(outcome, () => [`${showPath(outcome.path) || 'Everything'} ${what}.`]);
  return 0;
}
