/** Random histories of several authors who hear of each other late, in parts and out of order. */
import type { Change, ChangeGroup } from '../../../src/model/change.ts';
import { parseId, rootId, type NodeId } from '../../../src/model/ids.ts';
import type { NodeName } from '../../../src/model/name.ts';
import type { VersionedNode } from '../../../src/model/node.ts';
import { SeededChoice } from '../../world/seeded-choice.ts';
import { Author, type Forged } from './forge.ts';
import { plainFold } from './plain-fold.ts';

const names = ['a', 'b', 'c', 'd'] as const;

export interface History {
  readonly authors: readonly Author[];
  /** Everything that is in the store. */
  readonly entries: readonly Forged[];
}

export interface HistoryKind {
  readonly seed: number;
  readonly authors: number;
  readonly steps: number;
  /** Checkpoints that leave out what some author has under way, too. */
  readonly hasCheckpoints: boolean;
  readonly hasSkips: boolean;
}

/** Authors write upon what they know, and hear of a random part of the rest, always with all it builds on. */
export function makeHistory({ seed, authors: count, steps, hasCheckpoints, hasSkips }: HistoryKind): History {
  const choice = new SeededChoice(seed);
  const authors = Array.from({ length: count }, () => new Author(choice));
  const entries: Forged[] = [];
  const lost: Forged[] = [];
  for (let step = 0; step < steps; step += 1) {
    const author = choice.of(authors) ?? authors[0];
    if (author === undefined) break;
    const dice = choice.fraction();
    if (dice < 0.45) deliver(author, entries, choice);
    else if (hasCheckpoints && dice < 0.53) writeCheckpoint(author, entries, choice);
    else if (hasSkips && dice < 0.6) lost.push(author.write(randomGroups(author, choice), { isLost: true }));
    else entries.push(author.write(randomGroups(author, choice)));
    // A lost one turns up: at once, much later, or never.
    const turned = choice.fraction() < 0.1 ? lost.pop() : undefined;
    if (turned !== undefined) entries.push(turned);
  }
  return { authors, entries };
}

/** Everything of `entries` that these entries build on and the author does not know, with themselves. */
export function closureFor(author: Author, entries: readonly Forged[], wanted: readonly Forged[]): Forged[] {
  const taken = new Map<string, Forged>();
  const visit = (entry: Forged): void => {
    if (taken.has(entry.header.name) || !author.lacks(entry)) return;
    taken.set(entry.header.name, entry);
    for (const other of entries) {
      const { device, counter } = other.header;
      const isOwn = device === entry.header.device && counter < entry.header.counter;
      if (isOwn || (entry.header.seen.get(device)?.counter ?? 0) >= counter) visit(other);
    }
  };
  for (const entry of wanted) visit(entry);
  return [...taken.values()];
}

function deliver(author: Author, entries: readonly Forged[], choice: SeededChoice): void {
  const unknown = entries.filter((entry) => author.lacks(entry));
  const wanted = unknown.filter(() => choice.fraction() < 0.4);
  const batch = closureFor(author, entries, wanted);
  if (batch.length > 0) author.receive(batch);
}

/** Over what the author knows: up to the slowest author that it waits for, or leaving one or more of them behind. */
function writeCheckpoint(author: Author, entries: Forged[], choice: SeededChoice): void {
  const marks = author.marks();
  const last = choice.of(marks)?.lamport;
  if (last === undefined) return;
  const known = entries.filter((entry) => !author.lacks(entry) && entry.header.lamport <= last);
  const vector = author.vectorAt(last);
  const covered = known.filter(({ header }) => (vector.get(header.device)?.counter ?? 0) >= header.counter);
  const copy = new Author(new SeededChoice(1));
  copy.receive(covered);
  if (copy.book.tree.nodes.size !== plainFold(covered).nodes.size) throw new Error('the prefix does not fold');
  entries.push(author.write([[{ do: 'checkpoint', lamport: last, vector, root: copy.root, snapshot: undefined }]]));
}

function randomGroups(author: Author, choice: SeededChoice): ChangeGroup[] {
  const used = new Set<NodeId>();
  return Array.from({ length: choice.below(3) + 1 }, () => randomGroup(author, choice, used)).filter((group) => group.length > 0);
}

function randomGroup(author: Author, choice: SeededChoice, used: Set<NodeId>): ChangeGroup {
  const group = Array.from({ length: choice.fraction() < 0.7 ? 1 : 2 + choice.below(2) }, () => randomChange(author, choice));
  // One change for a node in an entry: its own versions are not known before it is written.
  return group.filter((change): change is Change => {
    if (change === undefined) return false;
    const node = 'node' in change ? change.node : undefined;
    if (node === undefined) return true;
    if (used.has(node)) return false;
    used.add(node);
    return true;
  });
}

function randomChange(author: Author, choice: SeededChoice): Change | undefined {
  const { tree } = author.book;
  const nodes = [...tree.nodes.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const node = choice.of(nodes);
  const folders = [rootId, ...nodes.filter(({ state }) => state.kind === 'folder').map(({ id }) => id)];
  const place = { parent: choice.of(folders) ?? rootId, name: (choice.of(names) ?? 'a') as NodeName };
  const dice = choice.fraction();
  if (node === undefined || dice < 0.35) return made(place, choice);
  if (dice < 0.5) return edited(node, choice);
  if (dice < 0.75) return { do: 'move', node: node.id, upon: node.version, ...place };
  if (dice < 0.9) return { do: 'remove', node: node.id, upon: node.version };
  if (dice < 0.95)
    return { do: 'conflict', copy: node.id, of: choice.of(nodes)?.id ?? node.id, madeBy: author.device, ancestor: undefined };
  return { do: 'settle', copy: node.id, keep: 'both' };
}

function made(place: { readonly parent: NodeId; readonly name: NodeName }, choice: SeededChoice): Change {
  const node = parseId('NodeId', choice.id());
  if (choice.fraction() < 0.5) return { do: 'put', node, upon: undefined, state: { kind: 'folder', ...place } };
  return { do: 'put', node, upon: undefined, state: { kind: 'link', ...place, target: 'x', mtimeUs: 0 } };
}

function edited({ id, version, state }: VersionedNode, choice: SeededChoice): Change {
  if (state.kind === 'link') return { do: 'put', node: id, upon: version, state: { ...state, mtimeUs: choice.below(1000) } };
  return { do: 'put', node: id, upon: version, state: { kind: 'folder', parent: state.parent, name: state.name } };
}
