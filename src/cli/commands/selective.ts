import type { SelectedFolder } from '../../agent/folder/selection.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatBytes } from '../format-units.ts';

interface Options {
  readonly all?: true;
}

/** `cachette selective` */
export const addSelective: AddCommand = (program, perform) => {
  const selective = program
    .command('selective')
    .description('which folders are on this device; all others stay in the vault and on the other devices')
    .option('--all', 'every folder, not only those that tell something');
  selective.action(() => perform(selective, (run) => list(run, selective.opts<Options>())));
  const exclude = selective
    .command('exclude')
    .argument('<path...>', 'folders, as `cachette selective` or `cachette ls` show them')
    .description('leave them out here: what is uploaded is removed from this computer, and from nowhere else');
  exclude.action((paths: readonly string[]) => perform(exclude, (run) => choose(run, 'exclude', paths)));
  const include = selective
    .command('include')
    .argument('<path...>', 'folders, as `cachette selective --all` or `cachette ls` show them')
    .description('bring them here, with all that is in them');
  include.action((paths: readonly string[]) => perform(include, (run) => choose(run, 'include', paths)));
};

async function list(run: CommandRun, { all }: Options): Promise<number> {
  const [{ listFolders }, { showPath }] = await Promise.all([
    import('../../agent/folder/choose-folders.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const folders = await listFolders(run.host.profileDir, all === true ? 'all' : 'telling');
  run.tell(folders, () => (folders.length === 0 ? ['No folders.'] : folders.map((folder) => line(folder, showPath(folder.path)))));
  return 0;
}

function line({ included, size }: SelectedFolder, shown: string): string {
  return `${included ? 'here    ' : 'left out'}  ${formatBytes(size).padStart(10)}  ${shown}/`;
}

async function choose(run: CommandRun, selection: 'include' | 'exclude', paths: readonly string[]): Promise<number> {
  const { chooseFolders } = await import('../../agent/folder/choose-folders.ts');
  const { folders, isRunning } = await chooseFolders(run.host, { include: [], exclude: [], [selection]: paths });
  run.tell(folders, () => {
    const what = selection === 'exclude' ? 'Left out' : 'Included';
    const where = selection === 'exclude' ? 'removes from this computer what is uploaded' : 'brings what is missing';
    return [isRunning ? `${what}.` : `${what}: the next \`cachette sync\` ${where}.`];
  });
  return 0;
}
