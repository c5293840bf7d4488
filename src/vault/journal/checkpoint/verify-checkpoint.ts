import { Failure } from '../../../base/failure.ts';
import type { CheckpointChange, EntryHeader, SeenVector } from '../../../model/change.ts';
import type { DeviceId } from '../../../model/ids.ts';
import type { ArrivedEntry } from '../arrive/arrived-entry.ts';
import { covers } from './floor.ts';
import type { Gap } from '../arrive/gap.ts';
import type { KnownEntries } from '../arrive/known-entries.ts';

/**
 * Whether a checkpoint's vector is what its author knew up to that Lamport number: exactly the entries seen that are not
 * above it. Its root is checked by folding. What it lacks: an entry that its device gave up later, and that nobody had to
 * look for until a checkpoint made it count. Throws E_FORMAT, E_TAMPER.
 */
export function checkpointGaps(known: KnownEntries, { header, statements }: ArrivedEntry): Gap[] {
  const [checkpoint, second] = statements.checkpoints;
  if (checkpoint === undefined) return [];
  const { name, lamport } = header;
  if (second !== undefined) throw new Failure('E_FORMAT', 'an entry with two checkpoints', { subject: name });
  if (checkpoint.lamport >= lamport) throw new Failure('E_TAMPER', 'a checkpoint that reaches beyond itself', { subject: name });
  // Below the floor only vectors are known any more, and nothing rests on an older checkpoint.
  if (checkpoint.lamport < known.floor.lamport) return [];
  if (!isPrefix(known, checkpoint, withOwn(header))) {
    throw new Failure('E_TAMPER', 'a checkpoint over other entries than its author knew', { subject: name });
  }
  const isGap = ([device, { counter }]: readonly [DeviceId, { readonly counter: number }]): boolean =>
    known.at(device, counter) === undefined && !covers(known.floor.vector, { device, counter });
  return [...checkpoint.vector].filter(isGap).map(([device, { counter }]) => ({ device, counter, toldBy: name }));
}

/** What the author had seen, its own entries included. */
function withOwn({ device, counter, previous, seen }: EntryHeader): SeenVector {
  return previous === undefined ? seen : new Map(seen).set(device, { counter: counter - 1, hash: previous });
}

function isPrefix(known: KnownEntries, { lamport, vector }: CheckpointChange, seen: SeenVector): boolean {
  for (const [device, { counter, hash }] of vector) {
    if (!covers(seen, { device, counter })) return false;
    if ((known.hashAt(device, counter) ?? hash) !== hash) return false;
    if ((known.at(device, counter)?.lamport ?? 0) > lamport) return false;
  }
  for (const [device, { counter: last }] of seen) {
    const next = known.next(device, vector.get(device)?.counter ?? 0);
    if (next !== undefined && next.counter <= last && next.lamport <= lamport) return false;
  }
  return true;
}
