/** A rewind as changes of the vault: one group that holds as a whole, unless it is too much for one entry. */
import { Failure } from '../../base/failure.ts';
import type { Change, ChangeGroup, PutState } from '../../model/change.ts';
import type { NodeState } from '../../model/node.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { RewindStep } from '../../planner/plan-rewind.ts';
import { fits, groupBounds, type GroupBounds } from '../publish/group-bounds.ts';

/**
 * Throws E_MISSING where a content is not known any more. Where it is more than one group can hold, what each needs comes
 * before it: new contents of files that stay, then files that go, then one group with all folders and moves, then
 * files that come back. Throws E_TOO_LARGE where that one is too large itself.
 */
export function rewindGroups(index: SyncIndex, steps: readonly RewindStep[], bounds: GroupBounds = groupBounds): ChangeGroup[] {
  const changes = steps.map((step) => ({ step, change: changeOf(index, step) }));
  const whole = changes.map(({ change }) => change);
  if (whole.length === 0) return [];
  if (fits(whole, bounds)) return [whole];
  const parts = Map.groupBy(changes, ({ step }) => partOf(step));
  const alone = (part: Part): ChangeGroup[] => (parts.get(part) ?? []).map(({ change }) => [change]);
  const core = (parts.get('core') ?? []).map(({ change }) => change);
  if (!fits(core, bounds)) {
    throw new Failure('E_TOO_LARGE', `${core.length} folders and moved files are too many to be rewound at once`, {
      action: 'rewind the folders in it one by one',
    });
  }
  return [...alone('in-place'), ...alone('goes'), ...(core.length > 0 ? [core] : []), ...alone('comes')];
}

type Part = 'in-place' | 'goes' | 'core' | 'comes';

function partOf(step: RewindStep): Part {
  if (step.state.kind === 'folder' || step.do === 'move') return 'core';
  if (step.do === 'remove') return 'goes';
  if (step.upon === undefined) return 'comes';
  return step.isInPlace ? 'in-place' : 'core';
}

function changeOf(index: SyncIndex, step: RewindStep): Change {
  const { node } = step;
  if (step.do === 'remove') return { do: 'remove', node, upon: step.upon };
  if (step.do === 'move') return { do: 'move', node, upon: step.upon, parent: step.state.parent, name: step.state.name };
  return { do: 'put', node, upon: step.upon, state: putState(index, step.state) };
}

/** The state with the way to put its content together. Throws E_MISSING. */
export function putState({ contents }: Pick<SyncIndex, 'contents'>, state: NodeState): PutState {
  if (state.kind !== 'file') return state;
  const { content } = state;
  if (content.sizeBytes === 0) return { ...state, content: { ...content, chunks: [], listChunks: [] } };
  const known = contents.find(content.id);
  if (known === undefined) throw new Failure('E_MISSING', `nothing says how an old content of '${state.name}' is put together`);
  return { ...state, content: known };
}
