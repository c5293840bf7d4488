import { Failure, unreachable } from '../../../base/failure.ts';
import { StateSum } from '../../../crypto/state-root.ts';
import type { NodeContent } from '../fold/fold-listener.ts';
import type { PackDirectory } from '../../../model/change.ts';
import { openPart } from '../../snapshot/snapshot-part.ts';
import type { SnapshotItem } from '../../snapshot/snapshot-item.ts';
import { conflictToText } from '../fold/fold-state.ts';
import { floorToBytes } from './floor.ts';
import { floorOf } from '../fold/judgement.ts';
import type { JoinStart } from './join-start.ts';
import type { JournalDeps } from '../journal-deps.ts';
import { writePastFrom } from '../fold/past-from.ts';
import { findEpochKeys } from '../arrive/open-arrival.ts';

/**
 * Fills an empty book with a snapshot's state and lays the floor there. Inside a transaction: whether the records give the
 * root that the checkpoint was signed with is known at the end. Throws E_TAMPER where they don't.
 */
export function loadSnapshot(deps: JournalDeps, { checkpoint, manifest, parts }: JoinStart): void {
  const { book, sealing, listener, keys } = deps;
  const sum = StateSum.empty(sealing.primitives);
  for (const part of manifest.parts) {
    const bytes = parts.get(part.name);
    if (bytes === undefined) throw new Failure('E_FAILED', 'a part of a snapshot was not fetched', { subject: part.name });
    const packs: PackDirectory[] = [];
    const contents: NodeContent[] = [];
    for (const { item, record } of openPart(sealing, (epoch) => findEpochKeys(keys, epoch), part, bytes)) {
      if (item.kind === 'node' || item.kind === 'conflict') sum.add(record);
      if (item.kind === 'pack') packs.push(item.directory);
      if (item.kind === 'node' && item.content !== undefined) contents.push({ node: item.node.id, content: item.content });
      keep(deps, item);
    }
    listener.delivered({ entry: undefined, device: undefined, mine: false, packs, contents });
  }
  if (sum.root() !== checkpoint.change.root) {
    throw new Failure('E_TAMPER', 'a snapshot that is not what its checkpoint was signed for', {
      subject: checkpoint.change.snapshot ?? checkpoint.speaker.name,
    });
  }
  if (manifest.retentionDays !== undefined) book.writeRecord('retention', '', JSON.stringify(manifest.retentionDays));
  book.writeFact('sum', sum.bytes());
  book.writeFact('floor', floorToBytes(floorOf(checkpoint)));
  writePastFrom(book, checkpoint.change.lamport);
  const arrivedMs = deps.clock.nowMs();
  for (const [device, { counter, hash }] of checkpoint.change.vector) {
    book.setHead(device, { counter, hash, lamport: undefined, name: undefined, arrivedMs, timeMs: undefined });
  }
}

function keep({ book }: JournalDeps, item: SnapshotItem): void {
  switch (item.kind) {
    case 'node':
      book.tree.write(item.node);
      break;
    case 'conflict':
      book.writeRecord('conflict', item.conflict.copy, conflictToText(item.conflict));
      break;
    case 'plan':
      book.writeRecord('pack-plan', item.plan.version, JSON.stringify({ packs: item.plan.packs, notBeforeMs: item.plan.notBeforeMs }));
      break;
    case 'pack':
      break;
    default:
      unreachable(item);
  }
}
