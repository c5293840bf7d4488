/**
 * Looking after what lies in the store by itself: pack after pack, slowly, so that a loss shows while somebody still has the files. A few
 * packs are read whole and opened; of the others it is enough that they are there, of their size, with their directory.
 */
import { Failure, type FailureCode } from '../../base/failure.ts';
import { fraction } from '../../base/random.ts';
import { countPacks, listPacks } from '../../index/list-packs.ts';
import { parseId, type PackId } from '../../model/ids.ts';
import { patienceMs } from '../../vault/journal/patience.ts';
import { packName } from '../../vault/pack/pack-name.ts';
import { Damage } from './damage.ts';
import type { Session } from '../open-session.ts';
import { readBadPacks, writeBadPacks, type BadPack } from './scrub-findings.ts';
import { verifyPack } from './verify-packs.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** In this time every pack is looked at once, as long as there are not too many for that. */
const roundMs = 30 * dayMs;
/** Between two looks: a look costs the store one request or two, and 256 KiB (one in `wholeEvery`: up to 17 MiB). */
const shortestMs = 15_000;
const longestMs = dayMs / 2;
/** One pack in so many is read whole. */
const wholeEvery = 16;
/** More lost chunks of one pack count as all of them. */
const ordinalsMax = 1000;

/** How long to wait between looks, with so many packs. Milliseconds. */
export function scrubEveryMs(packs: number): number {
  return Math.min(longestMs, Math.max(shortestMs, Math.floor(roundMs / Math.max(1, packs))));
}

/** What a look came to. */
export interface Scrubbed {
  /** Whether `problems` changed. */
  readonly hasNews: boolean;
  /** Until the next one is due, in milliseconds. */
  readonly waitMs: number;
}

/** Looks at one more pack where that is due, and again at one that was bad. Throws what says nothing about a pack: a store that is away. */
export async function scrubIfDue(session: Session, signal: AbortSignal): Promise<Scrubbed> {
  const { index, parts } = session;
  const { clock, random } = parts;
  const everyMs = scrubEveryMs(countPacks(index));
  const dueMs = index.settings.findInteger('scrub.due');
  const waitMs = (dueMs ?? Infinity) - clock.nowMs();
  // Never looked, or the clock went back.
  if (waitMs > 2 * longestMs) return wait(session, Math.floor(everyMs * fraction(random)));
  if (waitMs > 0) return { hasNews: false, waitMs };
  const bad = readBadPacks(index);
  const found = new Map(bad.map((each) => [each.pack, each]));
  for (const pack of [nextPack(session), bad[Math.floor(fraction(random) * bad.length)]?.pack]) {
    if (pack === undefined) continue;
    // One that was bad is read as a whole: a look would not tell.
    const readsData = found.has(pack) || fraction(random) < 1 / wholeEvery;
    const outcome = await look(session, { pack, readsData, signal });
    if (outcome === undefined) found.delete(pack);
    else found.set(pack, outcome);
  }
  const hasNews = writeBadPacks(index, [...found.values()], clock.nowMs());
  return { ...wait(session, everyMs), hasNews };
}

/** What somebody who looked at everything knows: bad packs that were found whole are forgotten, and what became good elsewhere. */
export function forgetMended(session: Session, damaged: readonly { readonly object: string }[], readsData: boolean): void {
  const { index, parts } = session;
  const names = new Set(damaged.map(({ object }) => object));
  const isBad = ({ pack, code }: BadPack): boolean => names.has(packName(pack)) || (!readsData && code !== 'E_MISSING');
  writeBadPacks(index, readBadPacks(index).filter(isBad), parts.clock.nowMs());
}

function wait({ index, parts }: Session, waitMs: number): Scrubbed {
  index.settings.writeInteger('scrub.due', parts.clock.nowMs() + waitMs);
  return { hasNews: false, waitMs };
}

/** In the order of their ids, which are chance, round and round. */
function nextPack({ index }: Session): PackId | undefined {
  const last = index.settings.findText('scrub.last');
  const [next = listPacks(index, undefined, 1)[0]] = last === undefined ? [] : listPacks(index, parseId('PackId', last), 1);
  if (next !== undefined) index.settings.writeText('scrub.last', next);
  return next;
}

interface Look {
  readonly pack: PackId;
  readonly readsData: boolean;
  readonly signal: AbortSignal;
}

/** undefined: whole. A store that shows a thing badly for a moment is asked again. */
async function look(session: Session, { pack, readsData, signal }: Look): Promise<BadPack | undefined> {
  const known = session.index.chunks.findPack(pack);
  if (known === undefined) return undefined;
  for (const delayMs of [...patienceMs, undefined]) {
    const damage = new Damage();
    await verifyPack({ session, damage, readsData, signal }, pack);
    const [fault] = damage.objects;
    if (fault === undefined) return undefined;
    if (delayMs !== undefined) {
      await session.parts.clock.sleep(delayMs, signal);
      continue;
    }
    const ordinals = known.chunks.flatMap(({ chunk }, ordinal) => (damage.chunks.has(chunk) ? [ordinal] : []));
    const lost = ordinals.length === known.chunks.length || ordinals.length > ordinalsMax ? 'all' : ordinals;
    return { pack, code: fault.code, message: fault.message, lost };
  }
  return undefined;
}

const awayMs = 10 * 60_000;
const restMaxMs = 60 * 60_000;

/** Where an agent has nothing else to do. */
export interface Scrubbing {
  readonly session: Session;
  readonly isIdle: () => boolean;
  readonly onNews: () => void;
}

/** Scrubs until the signal. Never fails: a store that is away is looked at later. */
export async function keepScrubbing({ session, isIdle, onNews }: Scrubbing, signal: AbortSignal): Promise<void> {
  const { clock } = session.parts;
  while (!signal.aborted) {
    try {
      const { hasNews, waitMs } = isIdle() ? await scrubIfDue(session, signal) : { hasNews: false, waitMs: shortestMs };
      if (hasNews) onNews();
      await clock.sleep(Math.min(Math.max(waitMs, shortestMs), restMaxMs), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway(error)) session.log.failure('scrub failed', error);
      await clock.sleep(awayMs, signal).catch(() => undefined);
    }
  }
}

/** Before a single run's sync: what is wrong with it is no reason not to sync. */
export async function scrubQuietly(session: Session, signal: AbortSignal): Promise<void> {
  try {
    await scrubIfDue(session, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isAway(error)) session.log.failure('scrub failed', error);
  }
}

const away: ReadonlySet<FailureCode> = new Set(['E_STORE_UNREACHABLE', 'E_STORE_DENIED', 'E_DISK']);

function isAway(error: unknown): boolean {
  return error instanceof Failure && away.has(error.code);
}
