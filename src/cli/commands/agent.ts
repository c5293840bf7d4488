import type { AddCommand, CommandRun } from '../command-run.ts';

/** `cachette agent`: what the desktop app starts. Not for people, so no help text tells of it. */
export const addAgent: AddCommand = (program, perform) => {
  const command = program
    .command('agent', { hidden: true })
    .description('serve the desktop app, whatever the profile is')
    .option('--with-parent', 'end when standard input does')
    .option('--unlink', 'give the profile up in place of serving it, and end');
  command.action(() => {
    const { withParent, unlink } = command.opts<{ readonly withParent?: true; readonly unlink?: true }>();
    return perform(command, (run) => (unlink === true ? giveUp(run) : serve(run, withParent === true)));
  });
};

async function giveUp({ host }: CommandRun): Promise<number> {
  const { giveUpProfile } = await import('../../agent/profile/give-up-profile.ts');
  await giveUpProfile(host);
  return 0;
}

async function serve(run: CommandRun, withParent: boolean): Promise<number> {
  const { runProfileHost } = await import('../../agent/profile/profile-host.ts');
  const { host, terminal } = run;
  const input = withParent ? terminal.watchInput() : undefined;
  const signal = input === undefined ? host.signal : AbortSignal.any([host.signal, input.ended]);
  try {
    await runProfileHost({ ...host, signal }, () => {
      if (run.isJson) terminal.result(JSON.stringify({ event: 'listening' }));
    });
  } finally {
    input?.stop();
  }
  return 0;
}
