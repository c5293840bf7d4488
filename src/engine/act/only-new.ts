import type { NodeId } from '../../model/ids.ts';
import type { LocalNode } from '../../model/node.ts';
import type { Operation } from '../../planner/operation.ts';

/** This device's tree. */
interface LocalTree {
  find(id: NodeId): LocalNode | undefined;
}

/** Of a plan's steps those that make what is not here yet, and take a folder that is here for the vault's: they change nothing that stood here before. */
export function onlyNew(local: LocalTree, operations: readonly Operation[]): readonly Operation[] {
  const made = new Set(operations.flatMap((operation) => findMade(local, operation) ?? []));
  return operations.filter((operation) =>
    operation.do === 'record' ? made.has(operation.node) : findMade(local, operation) !== undefined,
  );
}

/** The vault's node that is here with this step and was not before; undefined where the step does anything else. */
function findMade(local: LocalTree, operation: Operation): NodeId | undefined {
  if (operation.do === 'adopt') return local.find(operation.local)?.state.kind === 'folder' ? operation.remote : undefined;
  if (operation.do !== 'make-folder' && operation.do !== 'make-link' && operation.do !== 'fetch') return undefined;
  return local.find(operation.node) === undefined ? operation.node : undefined;
}
