/** A person decides a conflict in the vault, as `cachette resolve` does between two syncs; and what that is to the ledger. */
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { findVaultPath } from '../../src/agent/show/vault-paths.ts';
import { Failure } from '../../src/base/failure.ts';
import { beginDecision, endDecision } from '../../src/engine/past/decision.ts';
import { settleGroup } from '../../src/engine/past/settle-conflict.ts';
import type { ChangeGroup, SettleChange } from '../../src/model/change.ts';
import type { NodeId } from '../../src/model/ids.ts';
import type { VersionedNode } from '../../src/model/node.ts';
import type { SyncIndex } from '../../src/index/sync-index.ts';
import type { ConflictRecord } from '../../src/vault/entry/node-record.ts';
import { isWithin } from './is-within.ts';
import type { Ledger } from './ledger.ts';
import type { SimDevice } from './sim-device.ts';

export interface Decision {
  readonly keep: SettleChange['keep'];
  /** Which of those that are open: of so many this one, counted round. */
  readonly number: number;
  readonly run: number;
}

/** A conflict that was decided. */
export interface Decided {
  readonly copy: NodeId;
  readonly copyPath: string;
  readonly path: string;
  /** Writes down what the person ended by it. */
  readonly note: (ledger: Ledger) => void;
}

/** undefined: there is none, or another device was faster. `textOf`: the text of a file's content. */
export async function decideConflict(
  device: SimDevice,
  { keep, number, run }: Decision,
  textOf: (content: string) => string | undefined,
): Promise<Decided | undefined> {
  const decided = await device.act(
    async ({ index, journal }) => {
      const { signal } = new AbortController();
      if (journal.hasPending) await journal.resumePending(signal);
      await journal.catchUp(signal);
      const open = openConflicts(index).toSorted((a, b) => (a.copy < b.copy ? -1 : 1));
      const conflict = open[number % open.length];
      const group = conflict === undefined ? undefined : tryGroup(index, conflict, keep);
      if (conflict === undefined || group === undefined) return undefined;
      const outcome = describe(device, { conflict, group, textOf });
      const decision = beginDecision(index, [
        conflict.copy,
        conflict.of,
        ...group.flatMap((change) => ('node' in change ? [change.node] : [])),
      ]);
      const { outcomes } = await journal.commit({ groups: [group], packs: [] }, signal);
      endDecision(index, decision);
      return outcomes.every(({ applied }) => applied) ? outcome : undefined;
    },
    { run },
  );
  return decided === 'killed' ? undefined : decided;
}

/** undefined where one of the two lies in the other. */
function tryGroup(index: SyncIndex, conflict: ConflictRecord, keep: SettleChange['keep']): ChangeGroup | undefined {
  try {
    return settleGroup(index, conflict, keep);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

interface Deciding {
  readonly conflict: ConflictRecord;
  readonly group: ChangeGroup;
  readonly textOf: (content: string) => string | undefined;
}

function describe({ name, index }: SimDevice, { conflict: { copy, of }, group, textOf }: Deciding): Decided {
  const pathOf = (node: NodeId): string => findVaultPath(index, node) ?? '';
  const read = (node: VersionedNode | undefined): string | undefined =>
    node?.state.kind === 'file' ? textOf(node.state.content.id) : undefined;
  const removed = group
    .flatMap((change) => (change.do === 'remove' ? [index.remote.find(change.node)] : []))
    .filter((node) => node !== undefined);
  const contents = Object.fromEntries(removed.flatMap((node) => [read(node) ?? []].flat().map((text) => [pathOf(node.id), text])));
  const overwritten = group.some((change) => change.do === 'put') ? [read(index.remote.find(of))].filter((text) => text !== undefined) : [];
  const carried = overwritten.length > 0 ? read(index.remote.find(copy)) : undefined;
  const folders = removed.filter(({ state }) => state.kind === 'folder').map(({ id }) => pathOf(id));
  const kinds = removed.map(({ state }) => state.kind).filter((kind) => kind !== 'file');
  const move = group.some((change) => change.do === 'move') ? { from: pathOf(copy), to: pathOf(of) } : undefined;
  const moved = [copy, ...below(index, copy)].map((node) => read(index.remote.find(node))).filter((text) => text !== undefined);
  const note = (ledger: Ledger): void => {
    ledger.actors.add(name);
    ledger.ended(
      name,
      [...Object.values(contents), ...overwritten].filter((text) => text !== carried),
      contents,
    );
    for (const kind of kinds) ledger.removedOne(kind);
    if (carried !== undefined) ledger.joined([...overwritten, carried]);
    // His own folder does not show it yet: what he removes there by its old place is kept by the decision.
    ledger.loosen([...(carried === undefined ? [] : [carried]), ...(move === undefined ? [] : moved)]);
    for (const folder of folders)
      ledger.endedFolder(name, folder, Object.fromEntries(Object.entries(contents).filter(([path]) => isWithin(path, folder))));
    if (move === undefined) return;
    ledger.moved(name, moved);
    ledger.movedFolder(name, move.from, move.to);
  };
  return { copy, copyPath: pathOf(copy), path: pathOf(of), note };
}

function below({ remote }: SyncIndex, folder: NodeId): NodeId[] {
  return remote.childrenOf(folder, undefined, 1e6).flatMap(({ id }) => [id, ...below({ remote } as SyncIndex, id)]);
}
