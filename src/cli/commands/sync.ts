import type { EngineEvent } from '../../agent/engine-event.ts';
import type { SyncReport } from '../../agent/sync-once.ts';
import { failureMeanings } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatBytes, formatCount } from '../format-units.ts';

/** `cachette sync` */
export const addSync: AddCommand = (program, perform) => {
  const command = program
    .command('sync')
    .description('bring folder and vault into agreement, once')
    .addHelpText(
      'after',
      '\nExit code 0: they agree. 3: some items could not be synced, `cachette problems` lists them. With --json, one line for each event.',
    );
  command.action(() => perform(command, sync));
};

async function sync(run: CommandRun): Promise<number> {
  const { runSync } = await import('../../agent/run-sync.ts');
  const show = await openShow(run);
  let report: SyncReport;
  try {
    report = await runSync(run.host, show.take);
  } finally {
    show.end();
  }
  return conclude(run, report);
}

interface Show {
  readonly take: (event: EngineEvent) => void;
  readonly end: () => void;
}

async function openShow(run: CommandRun): Promise<Show> {
  const { terminal, isJson, isQuiet } = run;
  if (isJson) return { take: (event) => terminal.result(JSON.stringify(event)), end: () => {} };
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
  if (!run.isJson && !run.isQuiet) terminal.result(`In sync. ${formatBytes(bytesUp)} up, ${formatBytes(bytesDown)} down.`);
  return left > 0 ? 3 : 0;
}
