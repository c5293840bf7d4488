/**
 * Content that lost a race and whose author never came back: no tree has it, only the journal. After a day, or as soon as its
 * author is removed from the vault, any device puts it beside the file as a conflict copy, for all devices (design: voids).
 */
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { Change, ChangeGroup } from '../../model/change.ts';
import { parseId, rootId, type ContentId, type DeviceId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import { conflictName } from '../../planner/conflict-name.ts';
import type { VoidPut } from '../../vault/journal/fold/void-puts.ts';
import { beginDecision, endDecision } from '../past/decision.ts';
import type { EngineParts } from '../engine-parts.ts';
import { publishGroups } from './publish.ts';

/** An author that was only away for a while makes its change again by itself. */
const silenceMs = 24 * 60 * 60 * 1000;

/** How many copies were made; the next pass brings them to this disk. `nameOf`: a device's name. */
export async function surfaceVoids(parts: EngineParts, nameOf: (device: DeviceId) => string, signal: AbortSignal): Promise<number> {
  const taken = new Set<string>();
  const seen = new Set<ContentId>();
  const groups: ChangeGroup[] = [];
  for (const lost of parts.journal.voidPuts(silenceMs)) {
    if (lost.change.state.kind !== 'file') continue;
    const { id } = lost.change.state.content;
    // Only touched, or made what it was before: the file has that content, or had it.
    if (seen.has(id) || parts.index.remote.hasHad(lost.change.node, id)) continue;
    seen.add(id);
    groups.push(copyOf(parts, lost, { device: nameOf(lost.device), taken }));
  }
  if (groups.length === 0) return 0;
  // They come to this disk as they come to all others.
  const decision = beginDecision(parts.index, 'all');
  const { applied } = await publishGroups(parts, groups, signal);
  endDecision(parts.index, decision);
  return applied;
}

interface Copying {
  readonly device: string;
  /** Names given to others already. */
  readonly taken: Set<string>;
}

/** Two devices that do this at once give the same name: the second group is void then, and nothing is there twice. */
function copyOf({ index, random, clock }: EngineParts, { device, change }: VoidPut, { device: name, taken }: Copying): ChangeGroup {
  const { state } = change;
  if (state.kind !== 'file') throw new Failure('E_FAILED', 'only files are put beside another one');
  const parent = index.remote.find(state.parent)?.state.kind === 'folder' ? state.parent : rootId;
  const isTaken = (candidate: NodeName): boolean =>
    taken.has(parent + candidate) || [index.remote, index.local].some((tree) => tree.childNamed(parent, candidate) !== undefined);
  const copyName = conflictName(state.name, { device: name, date: new Date(clock.nowMs()).toISOString().slice(0, 10) }, isTaken);
  taken.add(parent + copyName);
  const copy = parseId('NodeId', toHex(random.bytes(16)));
  const put: Change = { do: 'put', node: copy, upon: undefined, state: { ...state, parent, name: copyName } };
  const of = index.remote.find(change.node) ?? index.remote.childNamed(parent, state.name);
  return of === undefined ? [put] : [put, { do: 'conflict', copy, of: of.id, madeBy: device, ancestor: undefined }];
}
