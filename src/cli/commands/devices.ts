import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatTime } from '../format-units.ts';

/** `cachette devices` */
export const addDevices: AddCommand = (program, perform) => {
  const command = program.command('devices').description("the vault's devices, as of the last sync");
  command.action(() => perform(command, list));
};

async function list(run: CommandRun): Promise<number> {
  const [{ listDevices }, { showPath }] = await Promise.all([import('../../agent/list-devices.ts'), import('../../agent/show-path.ts')]);
  const devices = await listDevices(run.host.profileDir);
  run.tell(devices, () =>
    devices.map(({ name, added, addedBy, lastSeen, revoked, this: isThis }) => {
      const by = addedBy === null ? '' : ` by ${showPath(addedBy)}`;
      const state = revoked ? ', removed' : isThis ? ', this device' : '';
      return `${showPath(name)}: added ${formatTime(added)}${by}, last seen ${formatTime(lastSeen)}${state}`;
    }),
  );
  return 0;
}
