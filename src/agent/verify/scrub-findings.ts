/** What the scrub found, and which files that touches: kept in the index, listed in `problems`. */
import { z } from 'zod';
import type { Failure, FailureCode } from '../../base/failure.ts';
import { failureMeanings } from '../../base/failure.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { ChunkId, PackId } from '../../model/ids.ts';
import { packName } from '../../vault/pack/pack-name.ts';
import { findAffectedFiles } from './affected-files.ts';
import { Damage } from './damage.ts';

/** A pack that is not in the store as the journal says. */
export interface BadPack {
  readonly pack: PackId;
  readonly code: FailureCode;
  readonly message: string;
  /** Which of its chunks did not come out. */
  readonly lost: 'all' | readonly number[];
}

interface Findings {
  readonly bad: readonly BadPack[];
  /** Problems that were listed for them. */
  readonly shown: readonly { readonly path: string; readonly code: FailureCode }[];
}

const settingName = 'scrub.found';
/** More are not remembered, nor files listed: whoever reads of these asks `verify` for the rest. */
const badMax = 64;
const shownMax = 1000;
/** Places at which a chunk may lie, too. */
const placesMax = 16;

const failureCode = z.custom<FailureCode>((value) => typeof value === 'string' && Object.hasOwn(failureMeanings, value));
const findingsSchema = z.object({
  bad: z.array(
    z.object({
      pack: z.custom<PackId>((value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)),
      code: failureCode,
      message: z.string(),
      lost: z.union([z.literal('all'), z.array(z.int().nonnegative())]),
    }),
  ),
  shown: z.array(z.object({ path: z.string(), code: failureCode })),
});

export function readBadPacks(index: SyncIndex): readonly BadPack[] {
  return readFindings(index).bad;
}

/** Takes these packs for all that are bad, and lists the files that nobody could put together from the store. Whether anything changed. */
export function writeBadPacks(index: SyncIndex, found: readonly BadPack[], nowMs: number): boolean {
  const before = readFindings(index);
  if (found.length === 0 && before.bad.length === 0) return false;
  const damage = new Damage();
  const bad = found.slice(0, badMax).filter((each) => noteLost(index, damage, each, found));
  const message = bad.map(({ pack, message: why }) => `${packName(pack)}: ${why}`)[0] ?? '';
  const code = bad[0]?.code ?? 'E_MISSING';
  const paths = damage.chunks.size === 0 ? [] : findAffectedFiles(index, damage).slice(0, shownMax);
  index.transaction(() => {
    for (const shown of before.shown) index.problems.clear(shown.path, shown.code);
    for (const path of paths) index.problems.replace({ ...problem(message), path, code, node: undefined, sinceMs: nowMs });
    if (bad.length === 0) index.settings.erase(settingName);
    else index.settings.writeText(settingName, JSON.stringify({ bad, shown: paths.map((path) => ({ path, code })) } satisfies Findings));
  });
  return true;
}

function problem(message: string): Pick<Failure, 'message' | 'action'> {
  return {
    message: `the store does not hold its content any more as it was written (${message})`,
    action: 'a device that has the file makes it good: `cachette verify --repair` there; nothing is removed',
  };
}

/** Whether a chunk of it is lost: the others lie in a pack that nothing is known against. */
function noteLost({ chunks }: SyncIndex, damage: Damage, { pack, lost }: BadPack, all: readonly BadPack[]): boolean {
  const known = chunks.findPack(pack)?.chunks ?? [];
  const isWhole = (chunk: ChunkId): boolean =>
    chunks.findAll(chunk, placesMax).some((place) => all.every((each) => each.pack !== place.pack));
  const gone = known.filter(({ chunk }, ordinal) => (lost === 'all' || lost.includes(ordinal)) && !isWhole(chunk));
  for (const { chunk } of gone) damage.chunks.add(chunk);
  return gone.length > 0;
}

/** What can't be read was of another version: found again, where it still holds. */
function readFindings({ settings }: SyncIndex): Findings {
  const text = settings.findText(settingName);
  if (text === undefined) return { bad: [], shown: [] };
  const parsed = findingsSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : { bad: [], shown: [] };
}
