import type { ListedSetting } from '../../agent/profile/configure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { requireSubcommand } from '../require-subcommand.ts';

/** `cachette config` */
export const addConfig: AddCommand = (program, perform) => {
  const config = program.command('config').description('what can be set on this device');
  const get = config.command('get').argument('<key>').description('what holds now');
  get.action((key: string) => perform(get, (run) => showOne(run, key)));
  const set = config
    .command('set')
    .argument('<key>')
    .argument('<value>', "'default' takes it back")
    .description('change it, from the next run on');
  set.action((key: string, value: string) => perform(set, (run) => change(run, key, value)));
  const list = config.command('list').description('all settings and what holds now');
  list.action(() => perform(list, showAll));
  requireSubcommand(config, 'cachette config');
};

async function showOne(run: CommandRun, key: string): Promise<number> {
  const { getSetting } = await import('../../agent/profile/configure.ts');
  const setting = await getSetting(run.host.profileDir, key);
  run.tell({ key: setting.key, value: setting.value }, () => [valueText(setting)]);
  return 0;
}

async function change(run: CommandRun, key: string, value: string): Promise<number> {
  const { setSetting, getSetting } = await import('../../agent/profile/configure.ts');
  await setSetting(run.host, key, value);
  const setting = await getSetting(run.host.profileDir, key);
  run.tell({ key: setting.key, value: setting.value }, () => [`${setting.key} = ${valueText(setting)}`]);
  return 0;
}

async function showAll(run: CommandRun): Promise<number> {
  const [{ listSettings }, { configMeaning }] = await Promise.all([
    import('../../agent/profile/configure.ts'),
    import('../../agent/profile/config-values.ts'),
  ]);
  const settings = await listSettings(run.host.profileDir);
  run.tell(Object.fromEntries(settings.map(({ key, value }) => [key, value])), () =>
    settings.map((setting) => `${setting.key.padEnd(16)} ${valueText(setting).padEnd(12)} ${configMeaning(setting.key)}`),
  );
  return 0;
}

function valueText({ value }: ListedSetting): string {
  return value === null ? 'not set' : String(value);
}
