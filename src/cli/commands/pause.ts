import type { AddCommand, CommandRun } from '../command-run.ts';

/** `cachette pause` */
export const addPause: AddCommand = (program, perform) => {
  const command = program
    .command('pause')
    .description('let `sync --watch` rest until `resume`, also over restarts; `sync` by hand still syncs');
  command.action(() => perform(command, (run) => change(run, true)));
};

/** `cachette resume` */
export const addResume: AddCommand = (program, perform) => {
  const command = program.command('resume').description('let `sync --watch` go on');
  command.action(() => perform(command, (run) => change(run, false)));
};

async function change(run: CommandRun, paused: boolean): Promise<number> {
  const { setPaused } = await import('../../agent/ask-agent.ts');
  const isRunning = await setPaused(run.host, paused);
  const what = paused ? 'Paused' : 'Resumed';
  run.tell({ paused, running: isRunning }, () => [isRunning ? `${what}.` : `${what}: holds when \`cachette sync --watch\` runs.`]);
  return 0;
}
