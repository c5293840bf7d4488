import { Failure } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import { planFolderRewind, rewindFolder, type FolderThen } from '../../engine/past/rewind-folder.ts';
import { readPast } from '../../index/past-reader.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { findVersionParts, rootId, type NodeId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { NodeState } from '../../model/node.ts';
import { momentOf, type Moment } from '../../planner/moment.ts';
import { findAt, stateAt } from '../../planner/past-tree.ts';
import type { RewindStep } from '../../planner/plan-rewind.ts';
import { bringPast } from './bring-past.ts';
import { findTime } from './find-time.ts';
import { namesOf } from '../show/typed-path.ts';
import { lookInto } from '../folder/look-into.ts';
import type { Session } from '../open-session.ts';
import { syncAround } from './restore-path.ts';
import { findAtPath, findVaultPath } from '../show/vault-paths.ts';

/** What a person asks for; one of `toMs` and `before`. */
export interface RewindRequest {
  /** '' for everything. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly toMs?: number | undefined;
  /** Just before the change with this version. */
  readonly before?: string | undefined;
}

export interface RewoundItem {
  readonly path: string;
  readonly do: 'restored' | 'changed' | 'moved' | 'removed';
}

/** What `rewind --json` prints. */
export interface RewindOutcome {
  /** Items that it concerns. */
  readonly changes: number;
  /** The first thousand of them, by path. */
  readonly items: readonly RewoundItem[];
  /** `rewind --before` this undoes it; null where nothing was done. */
  readonly version: string | null;
}

const itemsMax = 1000;

/** What it would do, as far as this device knows the vault. From the index alone. */
export function previewRewind(profileDir: string, request: RewindRequest): Promise<RewindOutcome> {
  return lookInto(profileDir, ({ index }) => {
    const steps = planFolderRewind({ index, random: systemRandom }, findFolder(index, request));
    return { ...describe(index, steps), version: null };
  });
}

/** Syncs, makes the folder what it was, and syncs that. Throws E_NOT_FOUND, E_USAGE, and as `rewindFolder`. */
export async function rewindPath(session: Session, request: RewindRequest, signal: AbortSignal): Promise<RewindOutcome> {
  const { index, parts, log } = session;
  await syncAround(session, signal);
  await bringPast(session, signal);
  let described: Omit<RewindOutcome, 'version'> = { changes: 0, items: [] };
  // Paths are those before it: told before anything is done.
  const onPlan = (steps: readonly RewindStep[]): void => {
    described = describe(index, steps);
  };
  const version = await rewindFolder(parts, { folder: findFolder(index, request), onPlan, signal });
  log.info('rewound', { changes: described.changes });
  await syncAround(session, signal);
  return { ...described, version: version ?? null };
}

function findFolder(index: SyncIndex, request: RewindRequest): FolderThen {
  const past = readPast(index);
  const found = findAtPath(index, request.path);
  if (found === undefined) {
    throw new Failure('E_NOT_FOUND', `no folder stands at '${request.path}'`, { action: '`cachette restore` brings back what is gone' });
  }
  if (found !== 'top' && found.state.kind !== 'folder')
    throw new Failure('E_USAGE', `'${request.path}' is a file`, { action: '`cachette restore` brings back its older versions' });
  const moment = momentAsked(index, request);
  if (found === 'top') return { folder: rootId, from: rootId, moment };
  // The folder itself, wherever it was then; or the one that had its name.
  const from = stateAt(past, found.id, moment) ?? findAt(past, namesOf(findVaultPath(index, found.id) ?? request.path), moment);
  if (from === undefined || from === 'top' || from.state.kind !== 'folder')
    throw new Failure('E_NOT_FOUND', `the folder '${request.path}' was not there at that time`, { action: 'name a later time' });
  return { folder: found.id, from: from.id, moment };
}

function momentAsked(index: SyncIndex, { toMs, before }: RewindRequest): Moment {
  const past = readPast(index);
  if (before === undefined) return findTime(past, toMs ?? 0);
  const change = findVersionParts(before);
  if (change === undefined || past.findEntry(change.entry) === undefined) {
    throw new Failure('E_NOT_FOUND', `no change is called '${before}'`, { action: '`cachette history PATH` lists them' });
  }
  return momentOf(past, change.version, 'before');
}

function describe(index: SyncIndex, steps: readonly RewindStep[]): Omit<RewindOutcome, 'version'> {
  const after = new Map<NodeId, NodeState>();
  for (const { do: kind, node, state } of steps) if (kind !== 'remove') after.set(node, state);
  const items = steps.map((step): RewoundItem => {
    const path = step.do === 'remove' ? pathOf(index, new Map(), step.state) : pathOf(index, after, step.state);
    return { path, do: wordOf(step) };
  });
  return { changes: steps.length, items: items.toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, itemsMax) };
}

function wordOf(step: RewindStep): RewoundItem['do'] {
  if (step.do === 'remove') return 'removed';
  if (step.do === 'move') return 'moved';
  return step.upon === undefined ? 'restored' : 'changed';
}

function pathOf({ remote }: SyncIndex, after: ReadonlyMap<NodeId, NodeState>, state: NodeState): string {
  const names: string[] = [];
  for (let at: NodeState | undefined = state; at !== undefined && names.length <= limits.depthMax * 2;) {
    names.unshift(at.name);
    at = at.parent === rootId ? undefined : (after.get(at.parent) ?? remote.find(at.parent)?.state);
  }
  return names.join('/');
}
