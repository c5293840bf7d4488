import type { VerifyOptions } from '../../agent/ask-or-do.ts';
import type { VerifyReport } from '../../agent/verify/verify-vault.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatCount } from '../format-units.ts';

/** `cachette verify` */
export const addVerify: AddCommand = (program, perform) => {
  const command = program
    .command('verify')
    .description('hold the store against the signed journal')
    .option('--data', 'open every chunk, too: reads everything')
    .option('--repair', 'bring what the store lost back from the files in this folder')
    .addHelpText('after', '\nExit code 5: something is missing or damaged; what, and which files that touches, is listed.');
  command.action(() =>
    perform(command, (run) => {
      const { data, repair } = command.opts<{ data?: true; repair?: true }>();
      return verify(run, { readsData: data === true, repairs: repair === true });
    }),
  );
};

async function verify(run: CommandRun, options: VerifyOptions): Promise<number> {
  const [asking, { showPath }] = await Promise.all([import('../../agent/ask-or-do.ts'), import('../../agent/show/show-path.ts')]);
  const report = await asking.verify(run.host, options);
  run.tell(report, () => words(report, showPath));
  const [first] = report.damaged;
  if (first === undefined) return 0;
  const what = `${formatCount(report.damaged.length, 'object')} of the store missing or damaged, ${formatCount(report.files.length, 'file')} affected`;
  run.terminal.message(`${first.code}: ${what}. ${whatToDo(report, options)}`);
  return 5;
}

function whatToDo({ damaged, files }: VerifyReport, { repairs }: VerifyOptions): string {
  if (files.length === 0 && damaged.every(({ object }) => object.startsWith('packs/')))
    return 'Every file is whole as it is now, only older versions are lost: nothing needs to be done.';
  return repairs
    ? 'Repair on the devices that hold these files, too.'
    : '`cachette verify --repair` brings back what this device has; do so on each that holds these files, and keep their folders.';
}

function words(report: VerifyReport, showPath: (path: string) => string): string[] {
  return [
    `Verified: ${formatCount(report.keyLists, 'list')} of devices, ${formatCount(report.entries, 'entry', 'entries')}, ${formatCount(report.packs, 'pack')}, ${formatCount(report.chunks, 'chunk')}.`,
    ...report.damaged.map(({ object, code, message }) => `damaged: ${object}: ${code}: ${showPath(message)}`),
    ...report.files.map((path) => `affected: ${showPath(path)}`),
  ];
}
