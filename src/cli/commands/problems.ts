import type { AddCommand, CommandRun } from '../command-run.ts';

/** `cachette problems` */
export const addProblems: AddCommand = (program, perform) => {
  const command = program.command('problems').description("every item that can't be synced now, why, and what to do");
  command.option('--all', 'also sockets, pipes and devices, which stay out: no fault, and not counted');
  command.action(({ all }: { readonly all?: boolean }) => perform(command, (run) => list(run, all === true ? 'all' : 'problems')));
};

async function list(run: CommandRun, which: 'all' | 'problems'): Promise<number> {
  const [{ listProblems }, { showPath }] = await Promise.all([
    import('../../agent/show/list-problems.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const problems = await listProblems(run.host.profileDir);
  if (which === 'all') {
    const { listIgnoredKinds } = await import('../../agent/folder/list-ignored-kinds.ts');
    problems.push(...(await listIgnoredKinds(run.host.profileDir)));
  }
  run.tell(problems, () =>
    problems.length === 0
      ? ['No problems.']
      : problems.map(({ code, path, message, action }) => `${showPath(path)}: ${code}: ${showPath(message)}. ${showPath(action)}`),
  );
  return 0;
}
