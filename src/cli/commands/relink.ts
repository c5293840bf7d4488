import type { AddCommand, CommandRun } from '../command-run.ts';

/** `cachette relink` */
export const addRelink: AddCommand = (program, perform) => {
  const command = program
    .command('relink')
    .description('say where the vault is now, where its address or the password of the storage changed')
    .requiredOption('--store <url>', 'the new URL of the same vault');
  command.action(() => perform(command, (run) => relink(run, command.opts<{ readonly store: string }>().store)));
};

async function relink(run: CommandRun, url: string): Promise<number> {
  const { relinkStore } = await import('../../agent/relink-store.ts');
  await relinkStore(run.host, url);
  run.tell({}, () => ['The vault is there. Next: `cachette sync`.']);
  return 0;
}
