/** Where everything stands, at a glance. */
import { Failure } from '../../base/failure.ts';
import { bytesPending } from '../../index/bytes-pending.ts';
import type { Overview, overviewActs } from '../../control/acts/overview-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import { activityOf } from '../list-activity.ts';
import { lookInto } from '../look-into.ts';
import { readPause, type Pause } from '../paused-setting.ts';
import { ProfileFolder } from '../profile-folder.ts';
import { statusOf, type Status } from '../read-status.ts';
import { setPause } from '../set-pause.ts';
import { readSettings } from '../settings.ts';
import type { SpeedMeter } from './speed-meter.ts';
import type { WindowDesk } from './window-desk.ts';

export function overviewAnswers(desk: WindowDesk, speed: SpeedMeter): Pick<WindowAnswers, keyof typeof overviewActs> {
  return {
    overview: () => overview(desk, speed),
    activity: ({ limit }) => lookInto(desk.host.profileDir, (look) => ({ rows: firstOf(activityOf(look), limit) })),
    'pause-for': async ({ minutes }) => {
      const untilMs = minutes === undefined ? undefined : desk.host.clock.nowMs() + minutes * 60_000;
      await setPause(desk.host, desk.kept?.loop, { untilMs });
      desk.tell('state');
      return {};
    },
    resume: async () => {
      await setPause(desk.host, desk.kept?.loop, undefined);
      desk.tell('state');
      return {};
    },
    'sync-now': async () => {
      desk.retry();
      // Whoever asked sees how it goes by what it tells.
      void (await desk.whenKept()).loop.request().catch(() => {});
      return {};
    },
    unlock: async ({ passphrase }) => {
      await desk.unlock(passphrase);
      return {};
    },
  };
}

async function overview(desk: WindowDesk, speed: SpeedMeter): Promise<Overview> {
  const { host, state } = desk;
  if (state.is === 'unlinked') return { is: 'unlinked' };
  const isLocked = state.is === 'locked' || (state.is === 'opening' && !state.isProven);
  if (!isLocked && state.is !== 'stopped') return linked(desk, speed);
  const { folder, device } = await readSettings(new ProfileFolder(host.profileDir));
  const about = { folder, device: device.name };
  if (state.is !== 'stopped') return { is: 'locked', ...about };
  const { code, message, action } = state.why;
  return { is: 'stopped', ...about, why: { code, message, action } };
}

function firstOf<Row>(rows: Iterable<Row>, limit: number): Row[] {
  const first: Row[] = [];
  for (const row of rows) {
    first.push(row);
    if (first.length === limit) break;
  }
  return first;
}

interface Seen {
  readonly status: Status;
  readonly pause: Pause | undefined;
  readonly held: number;
  readonly bytesLeft: number;
}

async function linked({ host, kept, said }: WindowDesk, speed: SpeedMeter): Promise<Overview> {
  const {
    status,
    pause: paused,
    held,
    bytesLeft,
  } = await lookInto(host.profileDir, (look): Seen => ({
    status: statusOf(look),
    pause: readPause(look.index, host.clock.nowMs()),
    held: look.index.massChange.countHeld(),
    bytesLeft: bytesPending(look.index),
  })).catch(whileIndexIsMade);
  const state = kept?.loop.state ?? said?.state ?? status.state;
  const filesLeft = status.pending.upload + status.pending.download;
  const { files, bytes, local, conflicts, problems, vaultId, folder, device, lastSync } = status;
  return {
    is: 'linked',
    state,
    ...(said?.why === undefined || state !== said.state ? {} : { why: said.why }),
    pausedUntil: paused?.untilMs === undefined ? null : new Date(paused.untilMs).toISOString(),
    progress: filesLeft === 0 && state !== 'syncing' ? null : { filesLeft, bytesLeft, ...speed.measure(kept?.session.metrics, bytesLeft) },
    folder,
    store: kept?.session.store.label ?? '',
    vaultId,
    device,
    files,
    bytes,
    local,
    conflicts,
    problems,
    held,
    lastSync,
  };
}

/** The index is there a moment after the profile. */
function whileIndexIsMade(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'E_NOT_FOUND') throw error;
  throw new Failure('E_BUSY', 'the profile is being opened', { action: 'ask again in a moment', cause: error });
}
