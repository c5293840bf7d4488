/** Drafts in the order in which they were made, and which of them hold together. */
import type { NodeId } from '../model/ids.ts';
import type { Place, VersionedNode } from '../model/node.ts';
import type { TreeReader } from '../model/trees.ts';
import type { Draft } from './operation.ts';

export class TiedDrafts {
  readonly #drafts: Draft[] = [];
  readonly #tiedTo = new Map<NodeId, NodeId>();

  get length(): number {
    return this.#drafts.length;
  }

  add(draft: Draft): void {
    this.#drafts.push(draft);
  }

  /** The changes of these nodes are published together, or none of them. */
  tie(nodes: readonly NodeId[]): void {
    const [first] = nodes;
    if (first !== undefined) for (const node of nodes) this.#tiedTo.set(this.#tie(node), this.#tie(first));
  }

  /**
   * As groups: tied ones together, where the last of them stands; none of them where one could not be drafted. `remote` is
   * the vault's tree without these drafts, `drafted` the tree with all of them.
   */
  groups(remote: Pick<TreeReader<VersionedNode>, 'find' | 'childNamed'>, drafted: Pick<TreeReader<VersionedNode>, 'find'>): Draft[][] {
    this.#tieBetween(remote, drafted);
    const nodes = new Set(this.#drafts.map(({ node }) => node));
    const broken = new Set([...this.#tiedTo.keys()].filter((member) => !nodes.has(member)).map((member) => this.#tie(member)));
    const open = new Map<NodeId, Draft[]>();
    const last = this.#lastOfEach();
    const groups: Draft[][] = [];
    this.#drafts.forEach((draft, at) => {
      const key = this.#tie(draft.node);
      const group = open.get(key) ?? [];
      group.push(draft);
      open.set(key, group);
      if (last.get(key) === at && !broken.has(key)) groups.push(group);
    });
    return groups;
  }

  /**
   * What was drafted between the first and the last of a group, and can't be applied before that group is, belongs to it:
   * the group's end needs it, and it needs the group's beginning.
   */
  #tieBetween(remote: Pick<TreeReader<VersionedNode>, 'find' | 'childNamed'>, drafted: Pick<TreeReader<VersionedNode>, 'find'>): void {
    if (this.#tiedTo.size === 0) return;
    for (let isTied = true; isTied;) {
      isTied = false;
      const last = this.#lastOfEach();
      const begun = new Map<NodeId, Set<NodeId>>();
      for (const [at, draft] of this.#drafts.entries()) {
        const own = this.#tie(draft.node);
        for (const [key, members] of begun) {
          if (key === own || (last.get(key) ?? 0) < at || !needs(draft, members, { remote, drafted })) continue;
          this.#tiedTo.set(own, key);
          isTied = true;
          break;
        }
        if (isTied) break;
        if ((last.get(own) ?? 0) > at) begun.set(own, (begun.get(own) ?? new Set()).add(draft.node));
        else begun.delete(own);
      }
    }
  }

  #lastOfEach(): Map<NodeId, number> {
    const last = new Map<NodeId, number>();
    this.#drafts.forEach(({ node }, at) => last.set(this.#tie(node), at));
    return last;
  }

  #tie(id: NodeId): NodeId {
    let at = id;
    for (let next = this.#tiedTo.get(at); next !== undefined && next !== at; next = this.#tiedTo.get(at)) at = next;
    return at;
  }
}

interface Trees {
  readonly remote: Pick<TreeReader<VersionedNode>, 'find' | 'childNamed'>;
  readonly drafted: Pick<TreeReader<VersionedNode>, 'find'>;
}

/** Whether the draft takes the place of one of these, goes into one of them, or removes the folder that one of them leaves. */
function needs(draft: Draft, members: ReadonlySet<NodeId>, { remote, drafted }: Trees): boolean {
  if (draft.do === 'remove') return [...members].some((member) => remote.find(member)?.state.parent === draft.node);
  const { parent, name }: Place = draft.do === 'move' ? draft.place : draft.state;
  const occupant = remote.childNamed(parent, name)?.id;
  if (occupant !== undefined && members.has(occupant)) return true;
  const seen = new Set<NodeId>();
  for (let above = drafted.find(parent); above !== undefined && !seen.has(above.id); above = drafted.find(above.state.parent)) {
    if (members.has(above.id)) return true;
    seen.add(above.id);
  }
  return false;
}
