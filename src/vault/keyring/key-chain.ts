/** Which of the lists in a store are the vault's: the chain from genesis that every device with the same lists chooses. */
import { Failure } from '../../base/failure.ts';
import type { KeyListHash } from '../../model/ids.ts';
import { findDevice, findSlot, type KeyList, type KeyListBody } from './key-list.ts';
import type { KeyHolder } from './key-holder.ts';
import { verifyStep, type ChainStart, type VerifiedKeyList } from './verify-step.ts';

/** What became of all lists that claim to belong to one genesis. */
export interface KeyChain {
  /** The lists that count: generation 1, 2, … */
  readonly chosen: readonly VerifiedKeyList[];
  /** Lists that an author was free to make, but of whose generation another one stands before; and what follows those. */
  readonly lost: readonly VerifiedKeyList[];
  /** Lists that follow a verified one, but may not. */
  readonly refused: readonly { readonly list: KeyList; readonly failure: Failure }[];
  /** Lists whose predecessor is not there, or was refused. */
  readonly orphans: readonly KeyList[];
}

/** Sorts lists into a chain. The same set gives the same chain in whatever order it comes. */
export function chainKeyLists(start: ChainStart, lists: Iterable<KeyList>): KeyChain {
  const waiting = new Map<KeyListHash | undefined, KeyList[]>();
  for (const list of lists) {
    const siblings = waiting.get(list.body.previous) ?? [];
    siblings.push(list);
    waiting.set(list.body.previous, siblings);
  }
  const chosen: VerifiedKeyList[] = [];
  const lost: VerifiedKeyList[] = [];
  const refused: KeyChain['refused'][number][] = [];
  const take = (parent: VerifiedKeyList | undefined): VerifiedKeyList[] => {
    const verified: VerifiedKeyList[] = [];
    for (const list of waiting.get(parent?.hash) ?? []) {
      try {
        verified.push(verifyStep(start, parent, list));
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure;
        refused.push({ list, failure });
      }
    }
    waiting.delete(parent?.hash);
    return verified.toSorted((a, b) => compareSiblings(parent?.body, a, b));
  };
  for (let tip: VerifiedKeyList | undefined, at = 0; ; at += 1) {
    const [first, ...others] = take(tip);
    lost.push(...others);
    if (first === undefined) break;
    chosen[at] = first;
    tip = first;
  }
  // `lost` grows while it is walked: what follows a lost list is lost too.
  for (const list of lost) lost.push(...take(list));
  return { chosen, lost, refused, orphans: [...waiting.values()].flat() };
}

/**
 * Of two lists of one generation: one that begins an epoch (every removal does) stands before one that does not; of two
 * removals, that of the device enrolled earlier; otherwise the one with the smaller hash.
 */
function compareSiblings(parent: KeyListBody | undefined, a: KeyList, b: KeyList): number {
  if (a.body.epoch !== b.body.epoch) return b.body.epoch - a.body.epoch;
  const seniority = a.body.epoch === parent?.epoch ? 0 : placeOf(parent, a.body.author) - placeOf(parent, b.body.author);
  return seniority !== 0 ? seniority : a.hash < b.hash ? -1 : 1;
}

/** Place of a device among those enrolled. Slots never begin an epoch. */
function placeOf(parent: KeyListBody | undefined, author: KeyHolder): number {
  return parent?.devices.findIndex(({ id }) => id === author.id) ?? 0;
}

/**
 * Whether a lost list may be forgotten by a device that has seen and pinned it: nothing that it took away comes back. Its
 * author lost a race among equals then, and what it added can be added again. Anything else would let a removed device,
 * with the store's help, talk others back to a vault in which it is still active.
 */
export function isFairlyLost(chain: KeyChain, lost: VerifiedKeyList): boolean {
  const tip = chain.chosen.at(-1);
  if (tip === undefined || tip.body.epoch < lost.body.epoch) return false;
  const devicesStay = lost.body.devices.every(({ id, state }) => state === 'active' || findDevice(tip.body, id)?.state !== 'active');
  const slotsStay = lost.body.slots.every(({ id, opening }) => opening !== undefined || findSlot(tip.body, id)?.opening === undefined);
  const authorsStand = chain.chosen.slice(forkGeneration(chain, lost)).every(({ body }) => !isRemoved(lost.body, body.author));
  return devicesStay && slotsStay && authorsStand;
}

/** Generation of the last list that a lost one shares with the chosen chain; 0 where that is genesis. */
export function forkGeneration(chain: KeyChain, lost: VerifiedKeyList): number {
  const byHash = new Map(chain.lost.map((list) => [list.hash, list]));
  let first = lost;
  for (let parent = parentOf(byHash, first); parent !== undefined; parent = parentOf(byHash, first)) first = parent;
  return first.body.generation - 1;
}

function parentOf(byHash: ReadonlyMap<KeyListHash, VerifiedKeyList>, list: VerifiedKeyList): VerifiedKeyList | undefined {
  return list.body.previous === undefined ? undefined : byHash.get(list.body.previous);
}

function isRemoved(body: KeyListBody, holder: KeyHolder): boolean {
  if (holder.kind === 'device') return findDevice(body, holder.id)?.state === 'revoked';
  const slot = findSlot(body, holder.id);
  return slot !== undefined && slot.opening === undefined;
}
