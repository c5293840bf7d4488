import type { ListedLoss } from '../../agent/show/decide-mass-change.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatCount } from '../format-units.ts';

interface Options {
  readonly list?: true;
  readonly reject?: true;
}

/** `cachette confirm` */
export const addConfirm: AddCommand = (program, perform) => {
  const command = program
    .command('confirm')
    .description('let a change go on that was held back, as it would remove or overwrite very much')
    .option('--list', 'only show what would be lost')
    .option('--reject', 'bring the files back instead');
  command.action(() => perform(command, (run) => act(run, command.opts<Options>())));
};

async function act(run: CommandRun, { list: isList, reject }: Options): Promise<number> {
  if (isList === true) return list(run);
  const { decideMassChange } = await import('../../agent/show/decide-mass-change.ts');
  const files = await decideMassChange(run.host, reject === true ? 'reject' : 'confirm');
  run.tell({ files }, () => {
    if (files === 0) return ['Nothing is held back.'];
    return [`${formatCount(files, 'file')} ${reject === true ? 'will be brought back' : 'may go'}: the next \`cachette sync\` does it.`];
  });
  return 0;
}

const words: Readonly<Record<ListedLoss['loss'], string>> = {
  'removed-here': 'would be removed on this computer',
  'overwritten-here': 'would be overwritten on this computer',
  'removed-there': 'was removed here; would be removed on all others',
  'overwritten-there': 'was overwritten here; would be on all others',
};

async function list(run: CommandRun): Promise<number> {
  const [{ listMassChange }, { showPath }] = await Promise.all([
    import('../../agent/show/decide-mass-change.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const losses = await listMassChange(run.host.profileDir);
  run.tell(losses, () =>
    losses.length === 0 ? ['Nothing is held back.'] : losses.map(({ path, loss }) => `${showPath(path)}: ${words[loss]}`),
  );
  return 0;
}
