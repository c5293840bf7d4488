import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { folderOption } from '../folder-option.ts';

interface Options {
  readonly store?: string;
  readonly folder?: string;
}

/** `cachette relink` */
export const addRelink: AddCommand = (program, perform) => {
  const command = program
    .command('relink')
    .description('say where the vault or the folder is now')
    .option('--store <url>', 'the new URL of the same vault, where its address or the password of the storage changed')
    .option('--folder <dir>', 'where the synced folder was moved to');
  command.action(() => perform(command, (run) => relink(run, command.opts<Options>())));
};

async function relink(run: CommandRun, { store, folder }: Options): Promise<number> {
  if (store === undefined && folder === undefined) throw new Failure('E_USAGE', 'give --store, --folder or both');
  if (folder !== undefined) {
    const { relinkFolder } = await import('../../agent/folder/relink-folder.ts');
    const dir = await relinkFolder(run.host, folderOption('--folder', folder));
    run.say(`The folder is ${dir} from now on.`);
  }
  if (store !== undefined) {
    const { relinkStore } = await import('../../agent/store/relink-store.ts');
    await relinkStore(run.host, store);
    run.say('The vault is there.');
  }
  run.tell({}, () => ['Next: `cachette sync`.']);
  return 0;
}
