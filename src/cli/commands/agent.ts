import type { AddCommand, CommandRun } from '../command-run.ts';

interface AgentOptions {
  readonly withParent?: true;
  readonly unlink?: true;
  readonly diagnose?: true;
}

/** `cachette agent`: what the desktop app starts. Not for people, so no help text tells of it. */
export const addAgent: AddCommand = (program, perform) => {
  const command = program
    .command('agent', { hidden: true })
    .description('serve the desktop app, whatever the profile is')
    .option('--with-parent', 'end when standard input does')
    .option('--unlink', 'give the profile up in place of serving it, and end')
    .option('--diagnose', 'print what helps those who mend it in place of serving it, and end');
  command.action(() => {
    const { withParent, unlink, diagnose } = command.opts<AgentOptions>();
    return perform(command, (run) => (unlink === true ? giveUp(run) : diagnose === true ? report(run) : serve(run, withParent === true)));
  });
};

async function giveUp({ host }: CommandRun): Promise<number> {
  const { giveUpProfile } = await import('../../agent/profile/give-up-profile.ts');
  await giveUpProfile(host);
  return 0;
}

async function report({ host, terminal }: CommandRun): Promise<number> {
  const { diagnose } = await import('../../agent/profile/diagnose.ts');
  terminal.result(await diagnose(host, { profile: 'not served', code: undefined }));
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
