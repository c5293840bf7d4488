/** Where everything stands, at a glance. */
import { Failure } from '../../base/failure.ts';
import { bytesPending } from '../../index/nodes/bytes-pending.ts';
import type { Overview, overviewActs } from '../../control/acts/overview-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import type { AgentHost } from '../agent-host.ts';
import { bytesThrough } from '../store/bytes-through.ts';
import { activityOf } from '../show/list-activity.ts';
import { lookInto, type Look } from '../folder/look-into.ts';
import { readPause, type Pause } from '../profile/paused-setting.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { statusOf, type Status } from '../show/read-status.ts';
import { setPause } from '../profile/set-pause.ts';
import { readSettingsIfWhole } from '../profile/settings.ts';
import { SpeedMeter } from './speed-meter.ts';
import type { WindowDesk } from './window-desk.ts';

export function overviewAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof overviewActs> {
  const glance = new Glance(desk.host);
  const speed = new SpeedMeter(desk.host.clock);
  return {
    overview: () => overview(desk, glance, speed).catch(whileProfileGoes),
    activity: ({ limit }) => lookInto(desk.host.profileDir, (look) => ({ rows: firstOf(activityOf(look), limit) })),
    'pause-for': async ({ minutes }) => {
      const untilMs = minutes === undefined ? undefined : desk.host.clock.nowMs() + minutes * 60_000;
      await setPause(desk.host, () => desk.kept?.loop, { untilMs });
      desk.tell('state');
      return {};
    },
    resume: async () => {
      await setPause(desk.host, () => desk.kept?.loop, undefined);
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

async function overview(desk: WindowDesk, glance: Glance, speed: SpeedMeter): Promise<Overview> {
  const { host, state } = desk;
  if (state.is === 'unlinked') return { is: 'unlinked' };
  const isLocked = state.is === 'locked' || (state.is === 'opening' && !state.isProven);
  if (!isLocked && state.is !== 'stopped') return linked(desk, glance, speed);
  // Damaged settings are a reason to have stopped, and a person has to see that.
  const settings = await readSettingsIfWhole(new ProfileFolder(host.profileDir));
  const about = { folder: settings?.folder ?? '', device: settings?.device.name ?? '' };
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

/** While very much is under way, counting what is left takes long: then it is counted a small part of the time. */
const cheapMs = 20;
const restFactor = 20;

/** What the index says, not asked more often than that is worth. */
class Glance {
  readonly #host: AgentHost;
  #last: { readonly seen: Seen; readonly untilMs: number } | undefined;

  constructor(host: AgentHost) {
    this.#host = host;
  }

  /** `isBusy`: the next look comes soon, and nobody minds numbers of some seconds ago. */
  async look(isBusy: boolean): Promise<Seen> {
    const { clock, profileDir } = this.#host;
    const beganMs = clock.monotonicMs();
    if (isBusy && this.#last !== undefined && beganMs < this.#last.untilMs) return this.#last.seen;
    const seen = await lookInto(profileDir, (look) => this.#read(look)).catch(whileIndexIsMade);
    const tookMs = clock.monotonicMs() - beganMs;
    this.#last = { seen, untilMs: tookMs > cheapMs ? beganMs + tookMs * restFactor : 0 };
    return seen;
  }

  #read(look: Look): Seen {
    const { index } = look;
    return {
      status: statusOf(look),
      pause: readPause(index, this.#host.clock.nowMs()),
      held: index.massChange.countHeld(),
      bytesLeft: bytesPending(index),
    };
  }
}

async function linked({ kept, said, restedBytes }: WindowDesk, glance: Glance, speed: SpeedMeter): Promise<Overview> {
  const { status, pause: paused, held, bytesLeft } = await glance.look(kept?.loop.state === 'syncing');
  const state = kept?.loop.state ?? said?.state ?? status.state;
  const itemsLeft = status.pending.upload + status.pending.download;
  const measured = speed.measure(kept === undefined ? 0 : bytesThrough(kept.session.metrics) - restedBytes, bytesLeft);
  const { files, bytes, local, conflicts, problems, vaultId, folder, device, lastSync } = status;
  const why = said?.state === state ? said.why : undefined;
  return {
    is: 'linked',
    state,
    ...(why === undefined ? {} : { why }),
    pausedUntil: toldTime(paused?.untilMs),
    progress: itemsLeft > 0 || state === 'syncing' ? { itemsLeft, bytesLeft, ...measured } : null,
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

function toldTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

/** Files of a profile that is being given up go before the agent says so. */
function whileProfileGoes(error: unknown): Overview {
  if (error instanceof Failure && error.code === 'E_NO_PROFILE') return { is: 'unlinked' };
  throw error;
}

/** The index is there a moment after the profile. */
function whileIndexIsMade(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'E_NOT_FOUND') throw error;
  throw new Failure('E_BUSY', 'the profile is being opened', { action: 'ask again in a moment', cause: error });
}
