import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatTime } from '../format-units.ts';
import { askForNewPassphrase, newPassphraseOption, type NewPassphraseOption } from '../new-passphrase.ts';
import { silence } from '../silence.ts';

/** `cachette devices` */
export const addDevices: AddCommand = (program, perform) => {
  const devices = program.command('devices').description("the vault's devices, as of the last sync");
  devices.action(() => perform(devices, list));
  const approve = devices
    .command('approve')
    .description('let the device into the vault that shows this code (`cachette join --code` there)')
    .argument('<code>', 'three groups of letters and digits');
  approve.action((code: string) => perform(approve, (run) => letIn(run, code)));
  const revoke = devices
    .command('revoke')
    .description('remove a device for good: it gets nothing new, and nothing that it writes counts')
    .argument('<name>', 'its name or id')
    .addOption(newPassphraseOption())
    .addHelpText(
      'after',
      '\nWhere it knew the passphrase, a new one is asked for (none where nobody can be asked); where it knew the recovery key, a new one is shown.',
    );
  revoke.action((name: string) => perform(revoke, (run) => remove(run, name, revoke.opts<NewPassphraseOption>())));
  const rename = devices.command('rename').description('call this device something else').argument('<name>');
  rename.action((name: string) => perform(rename, (run) => callThis(run, name)));
  const renew = devices
    .command('renew')
    .description('make this profile a device of its own, after it was copied or put back from a backup; files stay');
  renew.action(() => perform(renew, becomeNew));
};

async function list(run: CommandRun): Promise<number> {
  const [{ listDevices }, { showPath }] = await Promise.all([
    import('../../agent/devices/list-devices.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const devices = await listDevices(run.host.profileDir);
  run.tell(devices, () =>
    devices.map(({ name, added, addedBy, lastSeen, revoked, this: isThis }) => {
      const by = addedBy === null ? '' : ` by ${showPath(addedBy)}`;
      const state = revoked ? ', removed' : isThis ? ', this device' : silence(lastSeen, run.host.clock.nowMs());
      return `${showPath(name)}: added ${formatTime(added)}${by}, last seen ${formatTime(lastSeen)}${state}`;
    }),
  );
  return 0;
}

async function letIn(run: CommandRun, code: string): Promise<number> {
  const { approve, requireCode } = await import('../../agent/devices/approve-device.ts');
  const { showPath } = await import('../../agent/show/show-path.ts');
  requireCode(run.host.env, code);
  run.say('Looking for the device that shows this code …');
  const name = await approve(run.host, code);
  run.tell({ name }, () => [`"${showPath(name)}" is in the vault now.`]);
  return 0;
}

async function remove(run: CommandRun, name: string, options: NewPassphraseOption): Promise<number> {
  const [{ revoke }, { showPath }] = await Promise.all([
    import('../../agent/keys/ask-for-keys.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const { isJson, terminal } = run;
  // Never the one that answers every other question: the removed device may well know that one.
  const revoked = await revoke(run.host, name, () => askForNewPassphrase(run, options, { orTheUsual: false }));
  if (isJson) terminal.result(JSON.stringify({ ...revoked, next: storagePrompt }));
  else if (!run.isQuiet) terminal.result(`"${showPath(revoked.name)}" is removed. What it fetched before it keeps; it gets nothing new.`);
  if (revoked.passphrase === 'removed') {
    run.say('It knew the passphrase, so the vault has none now. `cachette vault passphrase` sets a new one.');
  }
  if (revoked.recoveryKey !== null && !isJson) {
    run.say('It knew the recovery key. This is the new one, shown this one time; the old one opens nothing any more.');
    terminal.result(revoked.recoveryKey);
  }
  run.say(storagePrompt);
  if (revoked.passphrase === 'kept') {
    run.say(
      "If the vault's passphrase, where it has one, was ever typed on it for another reason, change that, too: `cachette vault passphrase`.",
    );
  }
  return 0;
}

const storagePrompt =
  'Now change the password or token of the storage: the removed device has the old one, and can delete what lies there (then, on each device: `cachette relink --store URL`).';

async function becomeNew(run: CommandRun): Promise<number> {
  const { renewDevice } = await import('../../agent/devices/renew-device.ts');
  const { showPath } = await import('../../agent/show/show-path.ts');
  const name = await renewDevice(run.host);
  run.tell({ name }, () => [
    `This is a device of its own now, "${showPath(name)}". Next: \`cachette sync\`. Remove the old one if nobody works with it: \`cachette devices revoke NAME\`.`,
  ]);
  return 0;
}

async function callThis(run: CommandRun, wanted: string): Promise<number> {
  const { rename } = await import('../../agent/keys/ask-for-keys.ts');
  const { showPath } = await import('../../agent/show/show-path.ts');
  const name = await rename(run.host, wanted);
  run.tell({ name }, () => [`This device is called "${showPath(name)}" now.`]);
  return 0;
}
