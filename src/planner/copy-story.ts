import type { NodeId } from '../model/ids.ts';
import type { LocalNode } from '../model/node.ts';
import { toldName } from './conflict-name.ts';
import type { CopyOf } from './operation.ts';
import type { PlanState } from './plan-state.ts';

/**
 * The story of a local node that holds another version of a file. One that only wanted the name of a folder or link may still be
 * anything: an older version, or a file that vanished elsewhere.
 */
export function versionStory(state: PlanState, node: NodeId): CopyOf | undefined {
  const story = state.copyOf(node);
  if (story === undefined) return undefined;
  const { remote, local } = state.trees;
  const of = (remote.find(story.of) ?? local.find(story.of))?.state;
  return of === undefined || of.kind === 'file' ? story : undefined;
}

/**
 * The story that goes out with a node that is published under another name. Where none is known (the index was lost, the folder was
 * moved on a disk that can't tell, somebody else removed the copy that was edited here), the name itself tells: what stands under a
 * conflict name, beside the item that has the plain one, is its copy.
 */
export function storyToTell(state: PlanState, { id, state: { parent, name } }: LocalNode): CopyOf | undefined {
  const known = state.copyOf(id);
  if (known !== undefined) return known;
  const plain = toldName(name);
  const of = plain === undefined ? undefined : (state.remote.childNamed(parent, plain) ?? state.local.childNamed(parent, plain));
  return of === undefined ? undefined : { of: of.id, ancestor: undefined, isByName: true };
}
