import type { Status, SyncState } from '../../agent/show/read-status.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { formatBytes, formatCount, formatTime } from '../format-units.ts';
import { silence } from '../silence.ts';

/** `cachette status` */
export const addStatus: AddCommand = (program, perform) => {
  const command = program.command('status').description('where things stand; answers at once, also offline');
  command.action(() => perform(command, showStatus));
};

const meanings: Readonly<Record<SyncState, string>> = {
  synced: 'folder and vault agree, as of the last sync',
  pending: 'not everything is synced: run `cachette sync`',
  syncing: 'a sync is under way',
  paused: '`cachette resume` goes on',
  offline: 'the store could not be reached or is full: run `cachette sync` again',
  refused: 'the store was refused: run `cachette sync` to see why',
  held: 'look at what would go, then `cachette confirm`',
};

async function showStatus(run: CommandRun): Promise<number> {
  const [{ readStatus }, { showPath }] = await Promise.all([
    import('../../agent/show/read-status.ts'),
    import('../../agent/show/show-path.ts'),
  ]);
  const status = await readStatus(run.host.profileDir);
  run.tell(status, () => words(status, showPath, run.host.clock.nowMs()));
  return 0;
}

/** What is left, and what a person can do about it. */
function whyPending({ why, pending, problems, lastSync }: Status): string {
  if (why !== undefined) return `the last sync stopped with ${why.code}: ${why.action}`;
  if (pending.upload + pending.download <= problems && problems > 0)
    return `all is synced but what has a problem: \`cachette problems\` says why, and what to do`;
  if (pending.waiting > 0)
    return 'something changed just now, and a running sync looks at it as soon as it rests; else run `cachette sync`';
  return lastSync === null ? 'never synced to the end: run `cachette sync`' : meanings.pending;
}

function words(status: Status, show: (text: string) => string, nowMs: number): string[] {
  const { pending, conflicts, problems } = status;
  return [
    `${status.state}: ${status.state === 'pending' ? whyPending(status) : meanings[status.state]}`,
    `device     ${show(status.device)}, folder ${show(status.folder)}`,
    `vault      ${formatCount(status.files, 'file')}, ${formatBytes(status.bytes)} (${status.vaultId.slice(0, 16)}…, ${formatCount(status.seq, 'change')} seen)`,
    ...(status.local.files < status.files
      ? [`here       ${formatCount(status.local.files, 'file')}, ${formatBytes(status.local.bytes)}`]
      : []),
    `last sync  ${formatTime(status.lastSync)}`,
    ...(pending.upload + pending.download > 0 ? [`pending    ${pending.upload} to send, ${pending.download} to fetch`] : []),
    ...(pending.waiting > 0 ? [`changed    ${formatCount(pending.waiting, 'path')}, looked at as soon as they rest`] : []),
    ...(conflicts > 0 ? [`conflicts  ${conflicts}: \`cachette conflicts\` lists them`] : []),
    ...(problems > 0 ? [`problems   ${problems}: \`cachette problems\` lists them`] : []),
    ...status.devices.map(({ name, lastSeen }) => {
      const state = name === status.device ? ', this device' : silence(lastSeen, nowMs);
      return `device     ${show(name)}, last seen ${formatTime(lastSeen)}${state}`;
    }),
  ];
}
