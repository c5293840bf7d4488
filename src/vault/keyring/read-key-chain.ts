/**
 * From what a store gives to the chain of key lists that this device believes in, or to the one error that says why not.
 * What a device has seen before (its pin) decides over everything that the store says now.
 */
import { Failure } from '../../base/failure.ts';
import type { KeyListHash } from '../../model/ids.ts';
import { chainKeyLists, isFairlyLost, type KeyChain } from './key-chain.ts';
import { keyListName, findKeyListNameParts, type KeyList } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import { rereadDelaysMs } from './publish-object.ts';
import { readKeyObjects, type KeyObjects } from './read-key-objects.ts';
import type { ChainStart } from './verify-step.ts';

/** The last key list that a device has seen. */
export interface KeyListPin {
  readonly keyListHash: KeyListHash;
  readonly keyListGeneration: number;
}

/** The chain, and what else stood there. */
export interface ReadKeyChain {
  readonly chain: KeyChain;
  /** Every whole list by object name, to be handed to the next read. */
  readonly known: ReadonlyMap<string, KeyList>;
  /** How many objects below `keys/` are no part of this vault. */
  readonly foreignObjects: number;
}

/** What the reader knows already. */
export interface KeyChainKnown {
  /** Undefined: this device has seen no list yet. */
  readonly pin: KeyListPin | undefined;
  readonly known?: ReadonlyMap<string, KeyList>;
  /** Names of lists that are asked for even where the store's listing leaves them out. */
  readonly names?: readonly string[];
}

/**
 * Reads and judges. What may be a half-written object or a lagging store is asked for again a few times first. Throws
 * E_TAMPER, E_MISSING, E_ROLLBACK, E_FORK, E_UNTRUSTED_DEVICE, E_REVOKED_WRITER, E_KDF_BOUNDS, E_DOWNGRADE, E_FORMAT,
 * E_LIMIT as FORMAT.md, section 4 ("Reading the chain") says.
 */
export async function readKeyChain(deps: KeyStore, start: ChainStart, past: KeyChainKnown): Promise<ReadKeyChain> {
  return withRereads(deps, async () => {
    const names = [...(past.names ?? [])];
    if (past.pin !== undefined) names.push(keyListName(past.pin.keyListGeneration, past.pin.keyListHash));
    const objects = await readKeyObjects(deps, { vaultId: start.vaultId, names, known: past.known ?? new Map() });
    const chain = chainKeyLists(start, objects.lists.values());
    requireWhole(chain, objects, past.pin);
    if (past.pin !== undefined) requirePinned(chain, objects, past.pin);
    const unused = chain.refused.length + chain.orphans.length;
    return { chain, known: objects.lists, foreignObjects: objects.foreign.length + objects.damaged.size + unused };
  });
}

/** Runs a read again where what it found may be the store's delay. Answers that are signed and whole are final at once. */
export async function withRereads<Result>(deps: KeyStore, read: () => Promise<Result>): Promise<Result> {
  for (const delayMs of rereadDelaysMs) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Failure) || !mayHeal.has(error.code)) throw error;
      await deps.clock.sleep(delayMs, deps.signal);
    }
  }
  return read();
}

/** All that damage can look like: what a store is asked for next must not depend on which bit of a key object it changed. */
const mayHeal: ReadonlySet<string> = new Set(['E_TAMPER', 'E_MISSING', 'E_ROLLBACK', 'E_FORMAT', 'E_KDF_BOUNDS', 'E_DOWNGRADE', 'E_LIMIT']);

/** What stands right after the chain's end must not be passed over: it may be the newest list. */
function requireWhole(chain: KeyChain, objects: KeyObjects, pin: KeyListPin | undefined): void {
  const tip = chain.chosen.at(-1);
  const generation = tip?.body.generation ?? 0;
  const refused = chain.refused.find(({ list }) => list.body.previous === tip?.hash);
  if (refused !== undefined) throw refused.failure;
  const isBehind = chain.orphans.some(({ body }) => body.generation > generation);
  // A device with a pin knows what must be there. Rubbish beyond that is not worth stopping for; a new device can't tell.
  const mustKnow = pin === undefined || tip === undefined || isBehind || pin.keyListGeneration > generation;
  const damaged = [...objects.damaged].find(([name]) => (findKeyListNameParts(name)?.generation ?? 0) > generation);
  if (damaged !== undefined && mustKnow) throw asDamage(damaged);
  if (isBehind) throw missing(generation + 1);
  if (tip === undefined) throw objects.foreign.length > 0 ? strangers() : missing(1);
  const longer = chain.lost.find((list) => list.body.generation > generation && !isFairlyLost(chain, list));
  if (longer !== undefined && pin === undefined) throw fork(longer.body.generation);
}

/** A device never goes back behind the list that it has seen, nor over to a history without it. */
function requirePinned(chain: KeyChain, objects: KeyObjects, pin: KeyListPin): void {
  const { keyListGeneration: generation, keyListHash: hash } = pin;
  if (chain.chosen[generation - 1]?.hash === hash) return;
  const lost = chain.lost.find((list) => list.hash === hash);
  if (lost !== undefined && isFairlyLost(chain, lost)) return;
  if (lost !== undefined) throw fork(generation);
  const name = keyListName(generation, hash);
  const failure = objects.damaged.get(name);
  if (failure !== undefined) throw asDamage([name, failure]);
  if (chain.chosen.length >= generation) throw fork(generation);
  throw new Failure(
    'E_ROLLBACK',
    `the store's list of devices has generation ${chain.chosen.length}; this device has seen generation ${generation}`,
    {
      subject: name,
    },
  );
}

/** Out-of-range key derivation and other versions are named as such; everything else about changed bytes is tampering. */
function asDamage([name, failure]: [string, Failure]): Failure {
  if (['E_KDF_BOUNDS', 'E_DOWNGRADE', 'E_LIMIT', 'E_TAMPER'].includes(failure.code)) return failure;
  return new Failure('E_TAMPER', `${name} is not the object that was written`, { subject: name, cause: failure });
}

function missing(generation: number): Failure {
  return new Failure('E_MISSING', `the list of devices of generation ${generation} is not in the store`, {
    subject: `keys/${String(generation).padStart(6, '0')}`,
  });
}

function strangers(): Failure {
  return new Failure('E_TAMPER', "the store's lists of devices do not belong to the vault that stands beside them", { subject: 'genesis' });
}

function fork(generation: number): Failure {
  return new Failure(
    'E_FORK',
    `the store shows another history of the list of devices than this device has seen (generation ${generation})`,
  );
}
