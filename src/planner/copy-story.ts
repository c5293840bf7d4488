import type { NodeId } from '../model/ids.ts';
import type { CopyOf } from './operation.ts';
import type { PlanState } from './plan-state.ts';

/**
 * The story of a local node that holds another version of a file. One that only wanted the name of a folder or link may still be
 * anything: an older version, or a file that vanished elsewhere.
 */
export function versionStory({ context, trees }: PlanState, node: NodeId): CopyOf | undefined {
  const story = context.copyOf(node);
  if (story === undefined) return undefined;
  const { state } = trees.remote.find(story.of) ?? trees.local.find(story.of) ?? {};
  return state === undefined || state.kind === 'file' ? story : undefined;
}
