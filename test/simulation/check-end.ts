/** What must hold when everything has healed and everybody has synced: the questions that a history is run for. */
import { findVaultPath } from '../../src/agent/show/vault-paths.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { readPast } from '../../src/index/past-reader.ts';
import type { NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { samePlace, type VersionedNode } from '../../src/model/node.ts';
import { momentOf } from '../../src/planner/moment.ts';
import { childAt } from '../../src/planner/past-tree.ts';
import type { Seen } from '../world/fake-disk/user-hands.ts';
import type { Outcome } from './history.ts';
import type { Ledger } from './ledger.ts';
import type { SimDevice } from './sim-device.ts';
import type { SimVault } from './sim-vault.ts';
import { trueTree } from './true-tree.ts';
import { isWithheld } from './withheld-links.ts';

/** What a conflict put into a name, before its extension: the last one, as an earlier one may stand in the item's own name. */
const lastMark = / \(conflict (?:(?! \(conflict ).){1,64} \d{4}-\d{2}-\d{2}(?: \d+)?\)(?=(?:(?:\.tar)?\.[^. /]{1,16})?$)/u;
/** More than a history comes to. */
const problemsMax = 1000;
const nodesMax = 1_000_000;
const statesMax = 1000;

/** A history broke a promise. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export interface EndState {
  readonly devices: readonly SimDevice[];
  readonly ledger: Ledger;
  /** Names under which people put something themselves. */
  readonly givenNames: ReadonlySet<string>;
  readonly outcome: Outcome;
  /** The tree that must come out, where it is known. */
  readonly expected: ReadonlyMap<string, Seen> | undefined;
  /** Whether everybody has just looked at everything afresh, and wrote nothing. */
  readonly isIdle: boolean;
}

export async function checkEnd(state: EndState): Promise<void> {
  checkAgreement(state);
  checkContents(state);
  for (const device of state.devices) {
    checkOrigins(device);
    checkNoted(device, state.ledger);
  }
  checkConflicts(state);
  for (const device of state.devices) checkAtRest(device);
  if (!state.isIdle) for (const device of state.devices) await checkIdle(device);
}

function checkAgreement({ devices, expected }: EndState): void {
  const [first, ...others] = devices;
  if (first === undefined) return;
  const wanted = describeTree(trueTree(first), 'whole');
  for (const other of others) {
    const found = describeTree(trueTree(other), 'whole');
    if (found !== wanted && !isAlike(first, other))
      throw new Violation(`${other.name} differs from ${first.name}:\n${found}\n--- ${first.name}:\n${wanted}`);
  }
  if (expected === undefined) return;
  const [found, exact] = [describeTree(first.user.tree(), 'without times'), describeTree(expected, 'without times')];
  if (found !== exact) throw new Violation(`another tree than everybody's acts give:\n${found}\n--- wanted:\n${exact}`);
}

/** Whether two folders agree in all that both of their disks can hold. */
function isAlike(one: SimDevice, other: SimDevice): boolean {
  const abilities = [one, other].map(({ disk }) => disk.kernel.personality);
  const tickUs = Math.max(...abilities.map(({ mtimeTickNs }) => Number(mtimeTickNs / 1000n)));
  const isWithheldFrom = (node: NodeId | undefined): boolean => node !== undefined && [one, other].some((each) => isWithheld(each, node));
  const [left, right] = [one, other].map((device) => [...trueTree(device)].filter(([, { node }]) => !isWithheldFrom(node)));
  const there = new Map(right);
  if (left?.length !== there.size) return false;
  return left.every(([path, seen]) => {
    const twin = there.get(path);
    if (twin === undefined || !isSameKindAndContent(seen, twin)) return false;
    if (seen.kind !== 'file' && seen.kind !== 'link') return true;
    const isBitKept = abilities.every(({ hasExecuteBits }) => hasExecuteBits);
    if (seen.fromOutside !== twin.fromOutside && abilities.every(({ hasOriginNotes }) => hasOriginNotes)) return false;
    return (!isBitKept || seen.executable === twin.executable) && Math.abs(seen.mtimeUs - twin.mtimeUs) <= (tickUs > 1 ? tickUs : 0);
  });
}

/** A disk that has such notes shows of each file what the vault says; and what the index says is what such a disk shows. */
function checkOrigins(device: SimDevice): void {
  if (!device.disk.kernel.personality.hasOriginNotes) return;
  for (const [path, { kind, node, fromOutside }] of trueTree(device)) {
    const state = node === undefined ? undefined : device.index.remote.find(node)?.state;
    if (kind !== 'file' || state?.kind !== 'file' || state.fromOutside === fromOutside) continue;
    throw new Violation(`${device.name} ${fromOutside ? 'shows' : 'does not show'} that ${path} came from outside`);
  }
}

/** What was noted as it was written is noted still, unless somebody took that off. */
function checkNoted({ name, user, disk }: SimDevice, ledger: Ledger): void {
  if (!disk.kernel.personality.hasOriginNotes) return;
  const files = [...user.tree()].filter(([, { kind }]) => kind === 'file');
  const lost = files.find(([, { text, fromOutside }]) => !fromOutside && ledger.mustBeFromOutside(text));
  if (lost !== undefined) throw new Violation(`${name} no longer shows that ${lost[0]} came from outside: ${lost[1].text}`);
}

function isSameKindAndContent(a: Seen, b: Seen): boolean {
  return a.kind === b.kind && a.text === b.text && a.target === b.target;
}

function checkContents({ devices: [first], ledger }: EndState): void {
  const live = new Set(Object.values(first?.user.texts() ?? {}));
  for (const text of ledger.mustLive) if (!live.has(text)) throw new Violation(`lost: ${text}`);
  for (const text of live) {
    if (!ledger.everWritten.has(text)) throw new Violation(`nobody wrote: ${text}`);
    if (ledger.mustBeGone(text)) throw new Violation(`came back: ${text}`);
  }
}

/** One person alone makes no conflict; and names that are there for a moment are not there in the end. */
function checkConflicts({ devices: [first], ledger, givenNames, outcome }: EndState): void {
  const names = [...(first?.user.tree().keys() ?? [])].filter((path) => path.includes('(conflict '));
  // A person who saw such a name may have put something under it himself: then it is a name like any, and stays.
  // What was kept of something that had such a name is called after it; and so is its conflict copy, where two gave it.
  const isGivenPassing = (name: string): boolean => name.includes('(conflict moving ') && givenNames.has(name);
  const isGiven = (name: string): boolean =>
    [name, name.replace(/ \(kept(?: \d+)?\)/, ''), name.replace(lastMark, '')].some((each) => isGivenPassing(each));
  const moving = names.find((path) => path.split('/').some((name) => name.includes('(conflict moving ') && !isGiven(name)));
  if (moving !== undefined) throw new Violation(`left under a passing name: ${moving}`);
  // A passing name that a person gave himself tells of no conflict; what was called after it by the engine does.
  const ofNobody = names.filter((path) => path.split('/').some((name) => name.includes('(conflict ') && !isGivenPassing(name)));
  if (ofNobody.length > 0 && (outcome !== 'any' || ledger.actors.size < 2))
    throw new Violation(`a conflict of nobody with himself: ${ofNobody.join(', ')}`);
  if (first !== undefined) checkStories(first, givenNames);
}

/**
 * What took a conflict name beside the item that kept its own is a conflict that people are told of, whatever both are. What stood there
 * alone, and had something put beside it later, is in conflict with nobody: so a person would be told again of what he has settled,
 * whenever he makes the plain one anew.
 */
function checkStories({ index }: SimDevice, givenNames: ReadonlySet<string>): void {
  const book = openJournalBook(index);
  // A disk may write the name otherwise than the person did.
  const given = new Set([...givenNames].map((name) => name.normalize()));
  for (const { id, state, version } of index.remote.nodesAfter(undefined, nodesMax)) {
    const plain = state.name.replace(lastMark, '') as NodeName;
    if (plain === state.name || given.has(state.name.normalize()) || index.remote.childNamed(state.parent, plain) === undefined) continue;
    if (book.findRecord('conflict', id) === undefined && hadBeside(index, { id, version, state }, plain))
      throw new Violation(`nobody is told of the conflict: ${findVaultPath(index, id) ?? id}`);
  }
}

/** Whether something of that name stood beside the node when it came to its place, or came together with it. */
function hadBeside(index: SimDevice['index'], node: VersionedNode, name: NodeName): boolean {
  const past = readPast(index);
  let arrival = node.version;
  for (const { node: then } of past.statesOf(node.id, undefined, statesMax)) {
    if (!samePlace(then.state, node.state)) break;
    arrival = then.version;
  }
  return childAt(past, { parent: node.state.parent, name }, momentOf(past, arrival, 'after')) !== undefined;
}

function checkAtRest(device: SimDevice): void {
  const { name, index, user } = device;
  if (!isAtRest(device)) throw new Violation(`${name} is not at rest: ${index.dirty.count()} nodes disagree`);
  const [problem] = index.problems.list(problemsMax).filter(({ node }) => node === undefined || !isWithheld(device, node));
  if (problem !== undefined) throw new Violation(`${name} still has a problem: ${problem.path} ${problem.code}`);
  for (const folder of ['.cachette/staged', '.cachette/strays', '.cachette/passage']) {
    const left = [...user.tree(folder).keys()];
    if (left.length > 0) throw new Violation(`${name} left ${left.join(', ')}`);
  }
}

/** Whether nothing is left to do but what the disk can't hold, or is not to be given. */
export function isAtRest(device: SimDevice): boolean {
  const { dirty, remote } = device.index;
  const left = dirty.count();
  return left === 0 || [...remote.nodesAfter(undefined, nodesMax)].filter(({ id }) => isWithheld(device, id)).length === left;
}

/** Once more, with everything looked at afresh: nothing is written, neither to the store nor to the folder. */
async function checkIdle(device: SimDevice): Promise<void> {
  const { onCall } = device;
  const writes: string[] = [];
  device.onCall = (call) => {
    if (call.mutates) writes.push(`${call.verb} ${call.path}`);
  };
  const end = await device.sync();
  device.onCall = onCall;
  if (end !== 'done' || writes.length > 0) throw new Violation(`${device.name} writes at rest: ${writes.join(', ')}`);
}

/** On the device is what stands in the vault, less what is at or below a folder that a person left out. */
export function checkSelection(device: SimDevice): void {
  const { name, index } = device;
  const leftOut = new Set(index.leftOut.chosen());
  if (leftOut.size === 0) return;
  if (!isAtRest(device)) throw new Violation(`${name} is not at rest: ${index.dirty.count()} nodes disagree`);
  for (const { id } of index.remote.nodesAfter(undefined, nodesMax)) {
    if (isWithheld(device, id)) continue;
    let isOut = false;
    for (let at = index.remote.find(id); at !== undefined; at = index.remote.find(at.state.parent)) isOut ||= leftOut.has(at.id);
    const isHere = index.local.find(id) !== undefined;
    if (isHere === isOut) throw new Violation(`${name} ${isHere ? 'still has' : 'has not'} ${findVaultPath(index, id) ?? id}`);
  }
}

/** An older store was refused: the folder is as it was. */
export function checkRefused(device: SimDevice, before: string): void {
  if (textsOf(device) !== before) throw new Violation(`${device.name} changed its folder for a store that it refused`);
}

export function textsOf(device: SimDevice): string {
  return JSON.stringify(device.user.texts());
}

/** Whether it knows anything of the vault: until then it is joining. */
export function knowsEntries({ index }: SimDevice): boolean {
  return openJournalBook(index).lastBefore(undefined) !== undefined;
}

/** Whether the device has seen entries that the store it would see now does not have. */
export function knowsMore(device: SimDevice, medium: SimVault['medium']): boolean {
  return openJournalBook(device.index)
    .namesFrom(0)
    .some((name) => medium.read(name) === undefined);
}

/** Everything that is synced: a folder's times are not. */
function describeTree(tree: ReadonlyMap<string, Seen>, how: 'whole' | 'without times'): string {
  return [...tree]
    .map(([path, { kind, text, target, mtimeUs, executable, fromOutside }]) => {
      if (kind === 'folder' || kind === 'other') return `${path} ${kind}`;
      return `${path} ${JSON.stringify({ text: text.slice(0, 60), length: text.length, target, executable, ...(how === 'whole' ? { mtimeUs, fromOutside } : {}) })}`;
    })
    .join('\n');
}
