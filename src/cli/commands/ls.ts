import type { ListedItem } from '../../agent/show/list-vault.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatTime } from '../format-units.ts';

/** `cachette ls` */
export const addLs: AddCommand = (program, perform) => {
  const command = program
    .command('ls')
    .argument('[path]', 'only what stands there', '')
    .description("the vault's tree, from this device's index");
  command.action((path: string) => perform(command, (run) => list(run, path)));
};

async function list(run: CommandRun, path: string): Promise<number> {
  const [{ listVault }, { showPath }] = await Promise.all([
    import('../../agent/show/list-vault.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const { terminal, isJson, isQuiet } = run;
  // Row by row: the tree may be larger than memory.
  let rows = 0;
  await listVault(run.host.profileDir, path, (item) => {
    if (isJson) terminal.part(`${rows === 0 ? '[' : ','}${JSON.stringify(item)}`);
    else if (!isQuiet) terminal.result(line(item, showPath(item.path)));
    rows += 1;
  });
  if (isJson) terminal.result(rows === 0 ? '[]' : ']');
  return 0;
}

function line({ kind, size, mtime, local }: ListedItem, shown: string): string {
  const what = kind === 'dir' ? 'dir' : kind === 'link' ? 'link' : String(size);
  return `${what.padStart(14)}  ${formatTime(mtime).padEnd(19)}  ${local ? ' ' : '~'} ${shown}${kind === 'dir' ? '/' : ''}`;
}
