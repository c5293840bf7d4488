import type { AgentEvent } from '../../agent/agent-event.ts';
import type { SyncReport } from '../../agent/sync-once.ts';
import { failureMeanings } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatBytes, formatCount } from '../format-units.ts';
import { oneLine } from '../one-line.ts';

/** `cachette sync` */
export const addSync: AddCommand = (program, perform) => {
  const command = program
    .command('sync')
    .description('bring folder and vault into agreement, once')
    .option('--watch', 'stay, and keep them so until SIGINT or SIGTERM')
    .addHelpText(
      'after',
      '\nExit code 0: they agree. 3: some items could not be synced, `cachette problems` lists them. With --json, one line for each event.',
    );
  command.action(({ watch }: { readonly watch?: true }) => perform(command, watch === true ? keepInSync : sync));
};

async function sync(run: CommandRun): Promise<number> {
  const { syncByAgentOrHere } = await import('../../agent/sync-by-agent-or-here.ts');
  const show = await openShow(run);
  let report: SyncReport;
  try {
    report = await syncByAgentOrHere(run.host, show.take);
  } finally {
    show.end();
  }
  return conclude(run, report);
}

/** The agent in the foreground. */
async function keepInSync(run: CommandRun): Promise<number> {
  const { runAgent } = await import('../../agent/run-agent.ts');
  const { terminal, isJson, isQuiet } = run;
  let said = '';
  await runAgent(run.host, (event) => {
    if (isJson) terminal.result(JSON.stringify(event));
    else if (event.event === 'notice') terminal.message(oneLine(`cachette: ${event.message}`));
    else if (event.event === 'state' && event.state !== 'syncing') {
      const line = oneLine([event.state, event.code, event.message, event.action].filter((part) => part !== undefined).join(': '));
      // Only what is news to a person.
      if (!isQuiet && line !== said) terminal.message(`${new Date().toISOString().slice(11, 19)} ${line}`);
      said = line;
    }
  });
  return 0;
}

interface Show {
  readonly take: (event: AgentEvent) => void;
  readonly end: () => void;
}

async function openShow(run: CommandRun): Promise<Show> {
  const { terminal, isJson } = run;
  if (isJson) return { take: (event) => terminal.result(JSON.stringify(event)), end: () => {} };
  const progress = await openProgress(run);
  const notices: string[] = [];
  return {
    take: (event) => {
      if (event.event === 'notice') notices.push(event.message);
      else progress.take(event);
    },
    end: () => {
      progress.end();
      for (const notice of notices) run.say(`cachette: ${notice}`);
    },
  };
}

async function openProgress({ terminal, isQuiet }: CommandRun): Promise<Show> {
  if (isQuiet || !terminal.isWatched) return { take: () => {}, end: () => {} };
  const { openSyncProgress } = await import('../sync-progress.ts');
  return openSyncProgress(process.stderr);
}

function conclude(run: CommandRun, { problems, held, integrityCodes, left, bytesUp, bytesDown }: SyncReport): number {
  const { terminal } = run;
  const [code] = integrityCodes;
  if (code !== undefined) {
    terminal.message(
      `${code}: the store gave something that is not authentic for ${formatCount(problems, 'item')}; all others are synced. \`cachette problems\` lists them.`,
    );
    return failureMeanings[code].exitCode;
  }
  if (held > 0) {
    const what = `this change would remove or overwrite ${formatCount(held, 'file')}`;
    terminal.message(
      `cachette: E_BULK_CHANGE: ${what}; they are held back, all else is synced. \`cachette confirm --list\` shows them, \`cachette confirm\` lets them go, \`cachette confirm --reject\` brings them back.`,
    );
    return failureMeanings.E_BULK_CHANGE.exitCode;
  }
  if (problems > 0) {
    terminal.message(`cachette: ${formatCount(problems, 'item')} could not be synced. \`cachette problems\` lists them.`);
    return 3;
  }
  if (left > 0) run.say('Files kept changing while they were synced: the next run takes them.');
  else if (!run.isJson && !run.isQuiet) terminal.result(`In sync. ${formatBytes(bytesUp)} up, ${formatBytes(bytesDown)} down.`);
  return left > 0 ? 3 : 0;
}
