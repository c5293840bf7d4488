/** This device's own changes, as its base tree hears of them. */
import { versionOf, type Version } from '../../../model/ids.ts';
import { nextState } from './apply-group.ts';
import type { NamedBody } from '../arrive/arrived-entry.ts';
import { nodesBefore, type EntryTrace } from './fold-state.ts';
import type { FoldListener, OwnChange } from './fold-listener.ts';

/** The changes of the tree that the fold applied, in order. */
export function appliedChanges({ name, body }: NamedBody, trace: EntryTrace): OwnChange[] {
  if (typeof trace === 'string') return [];
  const changes: OwnChange[] = [];
  let first = 0;
  for (const [at, group] of body.groups.entries()) {
    const images = trace[at];
    const before = images === undefined || typeof images === 'string' ? undefined : nodesBefore(images);
    for (const [index, change] of group.entries()) {
      if (before === undefined) continue;
      if (change.do !== 'put' && change.do !== 'move' && change.do !== 'remove') continue;
      const was = before(change.node);
      const version = versionOf(name, first + index);
      const state = nextState(change, was);
      changes.push({ entry: name, change, version, before: was, after: state && { id: change.node, version, state } });
    }
    first += group.length;
  }
  return changes;
}

/** What one refold means for own changes: the difference of before and after, told at the end. */
export class OwnLedger {
  readonly #was = new Map<Version, OwnChange>();
  readonly #is = new Map<Version, OwnChange>();

  /** An entry that was folded before this refold began is taken back. Newest entry first. */
  takenBack(changes: readonly OwnChange[]): void {
    for (const change of changes.toReversed()) this.#was.set(change.version, change);
  }

  /** An entry that this refold itself had folded is taken back. */
  forgotten(changes: readonly OwnChange[]): void {
    for (const { version } of changes) this.#is.delete(version);
  }

  /** An entry is folded. Oldest entry first. */
  folded(changes: readonly OwnChange[]): void {
    for (const change of changes) this.#is.set(change.version, change);
  }

  tell(listener: FoldListener): void {
    for (const change of this.#was.values()) if (!this.#is.has(change.version)) listener.revoked(change);
    for (const change of this.#is.values()) if (!this.#was.has(change.version)) listener.applied(change);
  }
}
