import { toHex, utf8 } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';
import type { Random } from '../base/random.ts';
import type { Hint, Store } from './store.ts';

/** What a store that works can do besides. */
export interface ProbeReport {
  /** A second put of a name is refused by the store itself. */
  readonly refusesExisting: boolean;
  /** False for append-only rights: nothing can ever be cleaned up from here. */
  readonly canDelete: boolean;
  /** False: new objects show up in listings late, so other devices notice changes late. */
  readonly listsAtOnce: boolean;
  /** In words, for a person; empty when all is well. */
  readonly notes: readonly string[];
}

const probeBytes = 1000;

/**
 * Tries everything a vault needs at a store, in a corner of its own (`probe/…`), and cleans up as far as it may. Throws
 * what the store throws, or E_STORE_BEHAVIOUR with what it does wrong.
 */
export async function probeStore(store: Store, random: Random): Promise<ProbeReport> {
  const name = `probe/${toHex(random.bytes(16))}`;
  const bytes = random.bytes(probeBytes);
  await checkAbsent(store, name);
  let isClean = false;
  try {
    await checkWritten(store, name, bytes);
    await checkRanges(store, name, bytes);
    const listsAtOnce = (await store.list(name, { limit: 10 })).names.includes(name);
    const refusesExisting = await checkSecondPut(store, name, bytes, random.bytes(probeBytes));
    await checkHint(store);
    isClean = true;
    const deletion = await tryDelete(store, name);
    const canDelete = deletion !== 'denied';
    return { refusesExisting, canDelete, listsAtOnce, notes: notes(listsAtOnce, deletion) };
  } finally {
    // What went wrong matters, not whether the traces of the probe go.
    if (!isClean) await store.delete(name).catch(() => undefined);
  }
}

function notes(listsAtOnce: boolean, deletion: Deletion): string[] {
  const found: string[] = [];
  if (!listsAtOnce) found.push('new objects show up in its listings late: other devices may notice changes late');
  if (deletion === 'denied') found.push('this device may not delete there: space is only freed by a device that may');
  if (deletion === 'late') found.push('deleted objects stay readable for a while');
  return found;
}

async function checkAbsent(store: Store, name: string): Promise<void> {
  if ((await store.get(name, { maxBytes: probeBytes })) !== undefined) throw misbehaves(store, 'gives an object that was never put there');
}

async function checkWritten(store: Store, name: string, bytes: Uint8Array): Promise<void> {
  // In two parts, as packs come in many.
  const outcome = await store.putNew(name, [bytes.subarray(0, 10), bytes.subarray(10)]);
  const back = await store.get(name, { maxBytes: probeBytes });
  if (back === undefined && outcome === 'unknown')
    throw new Failure('E_STORE_UNREACHABLE', `${store.label} does not say whether it takes objects`);
  if (back === undefined) throw misbehaves(store, 'says that an object is stored and then does not have it');
  if (!isSame(back, bytes)) throw misbehaves(store, 'gives back other bytes than were put there');
}

async function checkRanges(store: Store, name: string, bytes: Uint8Array): Promise<void> {
  const ranges = [
    { start: 0, length: 1 },
    { start: 100, length: 300 },
    { start: probeBytes - 5, length: 100 },
  ];
  for (const range of ranges) {
    const back = await store.get(name, { maxBytes: probeBytes, range });
    const expected = bytes.subarray(range.start, range.start + range.length);
    if (back === undefined || !isSame(back, expected)) throw misbehaves(store, 'does not give parts of objects correctly');
  }
}

async function checkSecondPut(store: Store, name: string, first: Uint8Array, second: Uint8Array): Promise<boolean> {
  const outcome = await store.putNew(name, [second]);
  const back = await store.get(name, { maxBytes: probeBytes });
  if (back === undefined || !(isSame(back, first) || isSame(back, second))) {
    throw misbehaves(store, 'damages an object when its name is put again');
  }
  if (outcome === 'exists' && !isSame(back, first)) throw misbehaves(store, 'overwrites an object and says that it did not');
  return outcome === 'exists';
}

async function checkHint(store: Store): Promise<void> {
  // A vault that is in use keeps its hint.
  const present = await findHint(store);
  const bytes = present?.bytes ?? utf8('probe');
  await store.putHint(bytes);
  const back = await store.getHint(undefined);
  if (back === undefined) throw misbehaves(store, 'does not keep an object that is overwritten');
}

/** One that is too large is nobody's: no vault has written it, and it keeps nobody from joining. */
async function findHint(store: Store): Promise<Hint | undefined> {
  try {
    return await store.getHint(undefined);
  } catch (error) {
    if (error instanceof Failure && error.code === 'E_LIMIT') return undefined;
    throw error;
  }
}

type Deletion = 'done' | 'late' | 'denied';

async function tryDelete(store: Store, name: string): Promise<Deletion> {
  try {
    await store.delete(name);
  } catch (error) {
    if (error instanceof Failure && error.code === 'E_STORE_DENIED') return 'denied';
    throw error;
  }
  return (await store.get(name, { maxBytes: probeBytes })) === undefined ? 'done' : 'late';
}

function misbehaves(store: Store, what: string): Failure {
  return new Failure('E_STORE_BEHAVIOUR', `${store.label} ${what}`, { subject: store.label });
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
