import type { RewindOutcome } from '../../agent/past/rewind-path.ts';
import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatCount } from '../format-units.ts';
import { parseTime } from '../parse-time.ts';

interface Options {
  readonly to?: string;
  readonly before?: string;
  readonly dryRun?: true;
}

/** `cachette rewind` */
export const addRewind: AddCommand = (program, perform) => {
  const command = program
    .command('rewind')
    .argument('[folder]', 'everything, where left out', '')
    .description('make a folder what it was, on all devices, as one change that can be undone')
    .option('--to <time>', 'as it was then: 2026-03-01, 2026-03-01T12:30, or 2h, 3d ago')
    .option('--before <id>', 'as it was just before this change, as `cachette history` lists it')
    .option('--dry-run', 'only show what would change')
    .addHelpText('after', '\nNothing outside of the folder changes. Other devices that would lose many files ask before they follow.');
  command.action((folder: string) => perform(command, (run) => goBack(run, folder, command.opts<Options>())));
};

async function goBack(run: CommandRun, path: string, { to, before, dryRun }: Options): Promise<number> {
  if ((to === undefined) === (before === undefined)) throw new Failure('E_USAGE', 'give --to TIME or --before ID');
  const toMs = to === undefined ? undefined : parseTime(to, run.host.clock.nowMs());
  const request = { path, toMs, before };
  const { showPath } = await import('../../agent/show/show-path.ts');
  const show = (outcome: RewindOutcome): string[] => outcome.items.map((item) => `${item.do.padEnd(9)} ${showPath(item.path)}`);
  if (dryRun === true) {
    const [{ previewRewind }, { ensurePast }] = await Promise.all([
      import('../../agent/past/rewind-path.ts'),
      import('../../agent/past/ensure-past.ts'),
    ]);
    await ensurePast(run.host);
    const outcome = await previewRewind(run.host.profileDir, request);
    run.tell(outcome, () => [...show(outcome), `${formatCount(outcome.changes, 'item')} would change.`]);
    return 0;
  }
  const { rewind } = await import('../../agent/ask-or-do.ts');
  const outcome = await rewind(run.host, request);
  run.tell(outcome, () => {
    if (outcome.version === null) return ['It is as it was then.'];
    const undo = `cachette rewind${path === '' ? '' : ` ${JSON.stringify(showPath(path))}`} --before ${outcome.version}`;
    return [...show(outcome), `${formatCount(outcome.changes, 'item')} changed. \`${undo}\` undoes it.`];
  });
  return 0;
}
