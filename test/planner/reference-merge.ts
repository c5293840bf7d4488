/**
 * What two devices must show after each did something without knowing of the other: written down from the promises and the
 * conflict table alone, as one merge of three trees. It shares no code with the planner, which finds its way step by step.
 */
import type { Act } from './person.ts';

export interface ReferenceItem {
  readonly id: string;
  /** An id; empty for the top. */
  readonly parent: string;
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly text: string;
}

export type ReferenceTree = ReadonlyMap<string, ReferenceItem>;

/** A folder is what it is; of two files or links the content counts. */
type Acts = readonly Act[];

/**
 * All outcomes that the rules allow, each as lines `path = content (id of the file that it was in the beginning)`, with
 * conflict names without device, date and number. `first` stands before `second` in the journal.
 */
export function referenceMerge(base: ReferenceTree, first: Acts, second: Acts): Set<string> {
  const firsts = actAll(base, first, 'first');
  const trees = withoutTaken({ base, first: firsts, second: actAll(base, second, 'second', firsts) });
  const stay = [...allIds(trees)].filter((id) => stays(trees, id));
  const remade = remadeForNew(trees, actAll(base, second, 'second', new Map()));
  return new Set([stay, [...stay, ...remade]].flatMap((ids) => merge(trees, new Set(ids))));
}

/** Outcomes where these items stay. */
function merge(trees: Trees, ids: ReadonlySet<string>): string[] {
  const places = new Map([...ids].map((id) => [id, placeOf(trees, id)]));
  const standings = withoutCycles(trees, { places, undone: new Set() });
  return standings.flatMap((standing) => variants(trees, standing)).map((outcomes) => describe(outcomes));
}

/**
 * A folder that the first deleted is made again for what is new in it. That a new file is another one, moved, is known only when
 * it was read: then the folder may stand there again already, and stays. `asNew` is the second's tree as it looks before.
 */
function remadeForNew({ base, first }: Trees, asNew: ReferenceTree): string[] {
  const remade: string[] = [];
  for (const item of asNew.values()) {
    if (base.has(item.id) || item.kind !== 'file') continue;
    for (let at = item.parent; base.has(at) && !first.has(at); at = asNew.get(at)?.parent ?? '') remade.push(at);
  }
  return remade;
}

/** A conflict name without what tells one from another; a name that was meant for a moment keeps it, and agrees with nothing. */
export function plainName(name: string): string {
  return name.replace(/ \(conflict (?:first|second) \d{4}-\d{2}-\d{2}(?: \d+)?\)/, ' (conflict)');
}

interface Trees {
  readonly base: ReferenceTree;
  readonly first: ReferenceTree;
  readonly second: ReferenceTree;
}

interface Place {
  readonly parent: string;
  readonly name: string;
}

type Places = Map<string, Place>;

function allIds({ base, first, second }: Trees): Set<string> {
  return new Set([...base.keys(), ...first.keys(), ...second.keys()]);
}

/**
 * Equal content is no conflict: a file that the second moved and edited to be what the first has there already is that file.
 * What the first edited then stays where it was.
 */
function withoutTaken(trees: Trees): Trees {
  const second = new Map(trees.second);
  for (const item of trees.second.values()) {
    const areBoth = isEdited(trees.first, trees, item.id) && isEdited(trees.second, trees, item.id);
    if (!areBoth || isMoved(trees.first, trees, item.id) || !isMoved(trees.second, trees, item.id)) continue;
    const there = [...trees.first.values()].find(({ parent, name }) => parent === item.parent && name === item.name);
    if (there?.text === item.text && trees.first.get(item.id)?.text !== item.text) second.delete(item.id);
  }
  return { ...trees, second };
}

function isMoved(tree: ReferenceTree, { base }: Trees, id: string): boolean {
  const [now, was] = [tree.get(id), base.get(id)];
  return now !== undefined && was !== undefined && (now.parent !== was.parent || now.name !== was.name);
}

function isEdited(tree: ReferenceTree, { base }: Trees, id: string): boolean {
  const [now, was] = [tree.get(id), base.get(id)];
  return now !== undefined && was !== undefined && now.text !== was.text;
}

/** Made by one; or left alone by both; or deleted by one where the other edited it, moved it, or moved a folder that it was in. */
function stays(trees: Trees, id: string): boolean {
  const { base, first, second } = trees;
  if (!base.has(id)) return true;
  if (first.has(id) && second.has(id)) return true;
  const keeper = first.has(id) ? first : second;
  const remover = keeper === first ? second : first;
  if (isEdited(keeper, trees, id)) return true;
  for (let at: string | undefined = id; at !== undefined && keeper.has(at) && !remover.has(at); at = keeper.get(at)?.parent) {
    if (isMoved(keeper, trees, at)) return true;
  }
  return false;
}

/** The first move holds. */
function placeOf(trees: Trees, id: string): Place {
  const { base, first, second } = trees;
  const tree = !second.has(id) || isMoved(first, trees, id) ? first : second;
  return tree.get(id) ?? base.get(id) ?? { parent: '', name: '' };
}

/** A deleted folder is made again for what stays in it. */
function withRemadeFolders(trees: Trees, places: Places): Places {
  const whole = new Map(places);
  for (const { parent } of whole.values()) if (parent !== '' && !whole.has(parent)) whole.set(parent, placeOf(trees, parent));
  return whole;
}

/** Where everything stands, and which of the second's moves were undone. */
interface Standing {
  readonly places: Places;
  readonly undone: ReadonlySet<string>;
}

/** Of moves that make a cycle the first one holds: any of the second's that closes it is undone. */
function withoutCycles(trees: Trees, { places, undone }: Standing): Standing[] {
  const whole = withRemadeFolders(trees, places);
  const cycle = findCycle(whole);
  if (cycle.length === 0) return [{ places: whole, undone }];
  const isSeconds = (id: string): boolean => trees.first.has(id) && isMoved(trees.second, trees, id) && !isMoved(trees.first, trees, id);
  const candidates = cycle.filter((id) => isSeconds(id) && !undone.has(id));
  if (candidates.length === 0) throw new Error('a cycle that no rule speaks of');
  return candidates.flatMap((id) => {
    const { parent, name } = trees.base.get(id) ?? { parent: '', name: '' };
    return withoutCycles(trees, { places: new Map([...places, [id, { parent, name }]]), undone: new Set([...undone, id]) });
  });
}

function findCycle(places: Places): string[] {
  for (const id of places.keys()) {
    const path: string[] = [];
    for (let at = id; at !== ''; at = places.get(at)?.parent ?? '') {
      if (path.includes(at)) return path.slice(path.indexOf(at));
      path.push(at);
    }
  }
  return [];
}

/** What stands somewhere in the end. */
interface Outcome {
  readonly id: string;
  parent: string;
  name: string;
  readonly kind: 'file' | 'folder';
  readonly text: string;
  /** Whether the first device put it there. */
  readonly isFirst: boolean;
}

/**
 * A folder that goes back where it was may have met a file before, at the place it had been moved to: the file may have
 * lost its name to it by then.
 */
function variants(trees: Trees, { places, undone }: Standing): Outcome[][] {
  const plain = settle(trees, places);
  const wanted = [...undone].map((id) => trees.second.get(id));
  const isMet = ({ kind, parent, name }: Outcome): boolean =>
    kind === 'file' && wanted.some((folder) => folder?.kind === 'folder' && folder.parent === parent && folder.name === name);
  if (!plain.some((outcome) => isMet(outcome))) return [plain];
  return [plain, plain.map((outcome) => (isMet(outcome) ? { ...outcome, name: conflictName(outcome.name) } : outcome))];
}

/** Contents, copies, and names that two items want. */
function settle(trees: Trees, places: Places): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const [id, place] of places) outcomes.push(...withContent(trees, id, place));
  for (let clash = findClash(outcomes); clash !== undefined; clash = findClash(outcomes)) resolve(trees, outcomes, clash);
  return outcomes;
}

/** The item; and, where both edited it to something else, the copy of the second's. */
function withContent(trees: Trees, id: string, { parent, name }: Place): Outcome[] {
  const first = trees.first.get(id);
  const second = trees.second.get(id);
  const item = first ?? second ?? trees.base.get(id);
  if (item === undefined) return [];
  const isFirst = first?.parent === parent && first.name === name;
  const areBoth = isEdited(trees.first, trees, id) && isEdited(trees.second, trees, id);
  const text = (isEdited(trees.first, trees, id) ? first?.text : second?.text) ?? item.text;
  const outcome = { id, parent, name, kind: item.kind, text, isFirst };
  if (!areBoth || second === undefined || second.text === text) return [outcome];
  return [outcome, { ...outcome, id: `copy of ${id}`, name: conflictName(name), text: second.text, isFirst: false }];
}

type Clash = readonly [Outcome, Outcome];

function findClash(outcomes: readonly Outcome[]): Clash | undefined {
  const taken = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    if (outcome.name.includes('(conflict)')) continue;
    const key = `${outcome.parent}/${outcome.name}`;
    const there = taken.get(key);
    if (there !== undefined) return there.isFirst ? [there, outcome] : [outcome, there];
    taken.set(key, outcome);
  }
  return undefined;
}

/** Two items want one name: they are one; or a folder keeps the name before a file; or the first keeps it. */
function resolve(trees: Trees, outcomes: Outcome[], [kept, late]: Clash): void {
  const isOne = kept.kind === late.kind && (kept.kind === 'file' ? kept.text === late.text : areFoldersOne(trees, kept, late));
  if (isOne) {
    for (const outcome of outcomes) if (outcome.parent === late.id) outcome.parent = kept.id;
    outcomes.splice(outcomes.indexOf(late), 1);
    return;
  }
  const loser = late.kind === 'folder' && kept.kind === 'file' ? kept : late;
  loser.name = conflictName(loser.name);
}

/** Folders are one where neither was known to the other device: made on both, or made on one and re-made for what stays in it. */
function areFoldersOne({ first, second }: Trees, kept: Outcome, late: Outcome): boolean {
  return !second.has(kept.id) && !first.has(late.id);
}

function conflictName(name: string): string {
  return `${name} (conflict)`;
}

function describe(outcomes: readonly Outcome[]): string {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const path = ({ parent, name }: Outcome): string => {
    const above = byId.get(parent);
    return above === undefined ? name : `${path(above)}/${name}`;
  };
  const lines = outcomes.map((outcome) => line(path(outcome), outcome.kind === 'folder' ? 'folder' : outcome.text, outcome.id));
  return lines.toSorted().join('\n');
}

/** One line of an outcome. Which file it was in the beginning is told: its history follows it. Folders have none. */
export function line(path: string, what: string, id: string): string {
  return `${path} = ${what}${what !== 'folder' && id.startsWith('base ') ? ` (${id})` : ''}`;
}

/**
 * The tree after the acts; `others` is what the device is told of before it tells of its own. What was made under the name of a deleted
 * thing is that thing first, as long as others have it; else it may be another one, moved there.
 */
export function actAll(base: ReferenceTree, acts: Acts, device: string, others: ReferenceTree = base): ReferenceTree {
  const tree = new Map(base);
  for (const [at, step] of acts.entries()) actOnce(tree, step, `${device} ${at}`);
  const gone = (): ReferenceItem[] => [...base.values()].filter(({ id }) => !tree.has(id));
  for (const item of gone()) if (others.has(item.id)) renew(base, tree, item);
  for (const item of gone()) if (others.has(item.id)) carry(base, tree, item);
  for (const item of gone()) renew(base, tree, item);
  return tree;
}

/** Copied and deleted is moved: a new file with what a deleted one held is that file, as long as nobody else deleted it, too. */
function carry(base: ReferenceTree, tree: Map<string, ReferenceItem>, old: ReferenceItem): void {
  const carried = [...tree.values()].find(
    ({ id, kind, text }) => kind === 'file' && old.kind === 'file' && text === old.text && !base.has(id),
  );
  if (carried === undefined) return;
  tree.delete(carried.id);
  tree.set(old.id, { ...carried, id: old.id });
}

/** What was made under the name of a deleted thing of its kind is that thing's next version: most programs save like that. */
function renew(base: ReferenceTree, tree: Map<string, ReferenceItem>, old: ReferenceItem): void {
  const next = [...tree.values()].find((item) => item.parent === old.parent && item.name === old.name);
  if (next === undefined || next.kind !== old.kind || base.has(next.id)) return;
  tree.delete(next.id);
  tree.set(old.id, { ...next, id: old.id });
  for (const child of tree.values()) if (child.parent === next.id) tree.set(child.id, { ...child, parent: old.id });
}

function actOnce(tree: Map<string, ReferenceItem>, step: Act, newId: string): void {
  const item = step.do === 'make' ? undefined : itemAt(tree, step.at);
  if (step.do === 'make' || step.do === 'swap-kind') {
    if (item !== undefined) removeAll(tree, item.id);
    tree.set(newId, {
      id: newId,
      ...placeAt(tree, step.at),
      kind: step.kind === 'folder' ? 'folder' : 'file',
      text: step.kind === 'folder' ? '' : step.text,
    });
  } else if (item === undefined) throw new Error(`nothing at ${step.at}`);
  else if (step.do === 'edit') tree.set(item.id, { ...item, text: step.text });
  else if (step.do === 'remove') removeAll(tree, item.id);
  else if (step.do === 'move') {
    const there = itemAt(tree, step.to);
    if (there !== undefined) removeAll(tree, there.id);
    tree.set(item.id, { ...item, ...placeAt(tree, step.to) });
  } else if (step.do === 'carry') {
    tree.set(newId, { ...item, id: newId, ...placeAt(tree, step.to) });
    removeAll(tree, item.id);
  } else if (step.do === 'swap') {
    const there = itemAt(tree, step.to);
    if (there === undefined) throw new Error(`nothing at ${step.to}`);
    tree.set(item.id, { ...item, parent: there.parent, name: there.name });
    tree.set(there.id, { ...there, parent: item.parent, name: item.name });
  } else if (step.do === 'flip') {
    const above = tree.get(item.parent);
    if (above === undefined) throw new Error(`nothing above ${step.at}`);
    tree.set(item.id, { ...item, parent: above.parent, name: above.name });
    tree.set(above.id, { ...above, parent: item.id, name: item.name });
  } else throw new Error(`not in this world: ${step.do}`);
}

function itemAt(tree: ReferenceTree, path: string): ReferenceItem | undefined {
  let item: ReferenceItem | undefined;
  for (const name of path.split('/')) {
    const parent: string = item?.id ?? '';
    item = [...tree.values()].find((each) => each.parent === parent && each.name === name);
    if (item === undefined) return undefined;
  }
  return item;
}

function placeAt(tree: ReferenceTree, path: string): Place {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? { parent: '', name: path } : { parent: itemAt(tree, path.slice(0, cut))?.id ?? '?', name: path.slice(cut + 1) };
}

function removeAll(tree: Map<string, ReferenceItem>, id: string): void {
  for (const item of tree.values()) if (item.parent === id) removeAll(tree, item.id);
  tree.delete(id);
}
