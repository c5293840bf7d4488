import type { ListedVersion } from '../../agent/past/list-history.ts';
import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatTime } from '../format-units.ts';

/** `cachette history` */
export const addHistory: AddCommand = (program, perform) => {
  const command = program
    .command('history')
    .argument('[path]', 'a file or folder, as it is called now or was once called', '')
    .option('--deleted', 'files that are gone, in that folder and below')
    .description('every version of all that ever stood at a path, newest first');
  command.action((path: string) =>
    perform(command, (run) => list(run, path, command.opts<{ readonly deleted?: true }>().deleted === true)),
  );
};

async function list(run: CommandRun, path: string, isDeleted: boolean): Promise<number> {
  if (path === '' && !isDeleted) throw new Failure('E_USAGE', 'name a path, or give --deleted');
  const [{ listHistory, listDeleted }, { ensurePast }, { showPath }] = await Promise.all([
    import('../../agent/past/list-history.ts'),
    import('../../agent/past/ensure-past.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const { terminal, isJson, isQuiet, host } = run;
  await ensurePast(host);
  // Row by row: a history may be longer than memory.
  let rows = 0;
  await (isDeleted ? listDeleted : listHistory)(host.profileDir, path, (version) => {
    if (isJson) terminal.part(`${rows === 0 ? '[' : ','}${JSON.stringify(version)}`);
    else if (!isQuiet) terminal.result(line(version, showPath));
    rows += 1;
  });
  if (isJson) terminal.result(rows === 0 ? '[]' : ']');
  else if (rows === 0)
    run.say(isDeleted ? 'Nothing was deleted there.' : `Nothing ever stood at '${showPath(path)}', as far as the history reaches.`);
  return 0;
}

function line({ version, path, kind, size, at, device, deleted, lost }: ListedVersion, show: (text: string) => string): string {
  const what = deleted ? 'deleted' : kind === 'file' ? String(size) : kind;
  return `${formatTime(at).padEnd(19)}  ${what.padStart(12)}  ${show(path)}  (${show(device)}${lost ? ', lost a race' : ''})  ${version}`;
}
