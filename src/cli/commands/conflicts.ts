import type { AddCommand, CommandRun } from '../command-run.ts';

/** `cachette conflicts` */
export const addConflicts: AddCommand = (program, perform) => {
  const command = program
    .command('conflicts')
    .description('what two devices changed at the same time, or gave one name: both versions were kept');
  command.action(() => perform(command, list));
};

async function list(run: CommandRun): Promise<number> {
  const [{ listConflicts }, { showPath }] = await Promise.all([
    import('../../agent/show/list-conflicts.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const conflicts = await listConflicts(run.host.profileDir);
  run.tell(conflicts, () =>
    conflicts.length === 0
      ? ['No conflicts.']
      : conflicts.map(
          ({ id, path, copy, ours, theirs }) =>
            `${id.slice(0, 8)}  ${showPath(path)} (${showPath(theirs.device)})  <->  ${showPath(copy)} (${showPath(ours.device)})`,
        ),
  );
  return 0;
}
