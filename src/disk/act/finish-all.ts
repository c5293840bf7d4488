import { Failure } from '../../base/failure.ts';
import type { FileToFinish } from '../disk.ts';
import { diskFailure } from '../disk-failure.ts';
import type { DiskParts } from '../disk-parts.ts';
import type { FileCalls, FinishedFile, NewFile, WrittenFile } from '../calls/file-calls.ts';
import type { HeldPiece } from './held-bytes.ts';
import { StagedItem, withStagingFolder } from './staging.ts';

/** Flushed one beside the other: the file system joins some of it. */
const finishAtOnce = 16;
/** Flushed with one call, in a thread of the pool; it has four, and flushes beside each other join better than in a row. */
const flushAtOnce = 16;
const callsAtOnce = 4;

/** Small files that are made with one call, which flushes them together. */
const madeAtOnce = 256;

/** `Disk.finishAll`. */
export async function finishAll(parts: DiskParts, files: readonly FileToFinish[]): Promise<readonly (string | Failure)[]> {
  const ends: (string | Failure)[] = files.map(() => '');
  const rest = await makeHeld(parts, files, ends);
  const { calls } = parts;
  const step = calls.finishFiles === undefined ? finishAtOnce : flushAtOnce * callsAtOnce;
  for (let from = 0; from < rest.length; from += step) {
    const some = rest.slice(from, from + step);
    const toFinish = some.map(({ file }) => file);
    const ended = await (calls.finishFiles === undefined ? finishEach(toFinish) : finishTogether(calls.finishFiles.bind(calls), toFinish));
    for (const [index, { at }] of some.entries()) ends[at] = ended[index] ?? '';
  }
  return ends;
}

interface Numbered {
  readonly file: FileToFinish;
  readonly at: number;
}

interface Held extends NewFile {
  readonly staged: StagedItem;
  readonly at: number;
  readonly piece: HeldPiece;
}

/** Makes those that are in memory alone, and notes how each ended; the others. */
async function makeHeld(parts: DiskParts, files: readonly FileToFinish[], ends: (string | Failure)[]): Promise<readonly Numbered[]> {
  const makeFiles = parts.calls.makeFiles?.bind(parts.calls);
  const rest: Numbered[] = [];
  const held: Held[] = [];
  for (const [at, file] of files.entries()) {
    const { staged, meta } = file;
    // What is to bear the system's note is made one by one: no call makes many with it.
    const isPlain = !meta.fromOutside || parts.calls.setOrigin === undefined;
    const piece = makeFiles !== undefined && isPlain && staged instanceof StagedItem ? staged.takeHeld() : undefined;
    if (piece === undefined || !(staged instanceof StagedItem)) rest.push({ file, at });
    else held.push({ name: staged.name, bytes: piece.bytes, ...meta, staged, at, piece });
  }
  if (makeFiles === undefined || held.length === 0) return rest;
  await withStagingFolder(parts, async (folder) => {
    const portions: Held[][] = [];
    for (let from = 0; from < held.length; from += madeAtOnce) portions.push(held.slice(from, from + madeAtOnce));
    await allEnded(
      portions.map(async (portion) => {
        try {
          const made = await makeFiles(folder, portion);
          for (const [index, { staged, at }] of portion.entries()) ends[at] = endOf(staged, made[index]);
        } finally {
          for (const { piece } of portion) piece.letGo();
        }
      }),
    );
  });
  return rest;
}

/**
 * What each came to; or throws the first failure, but only when all have ended: other threads work on files that the caller then
 * removes, and by numbers that the next files get which are opened.
 */
async function allEnded<Result>(portions: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(portions);
  return Promise.all(portions);
}

/** Its identity, or why this disk does not take it. */
function endOf(staged: StagedItem, end: FinishedFile | undefined): string | Failure {
  if (end === undefined) throw new Failure('E_FAILED', 'not every file that was written was finished');
  if (!('error' in end)) return staged.conclude(end);
  const failure = diskFailure(end.error, 'write', staged.path);
  if (!(failure instanceof Failure)) throw failure;
  return failure;
}

function finishEach(files: readonly FileToFinish[]): Promise<readonly (string | Failure)[]> {
  return Promise.all(files.map(({ staged, meta }) => failureOr(() => staged.finish(meta))));
}

interface Prepared extends WrittenFile {
  readonly staged: StagedItem;
  readonly at: number;
}

async function finishTogether(
  finishFiles: NonNullable<FileCalls['finishFiles']>,
  files: readonly FileToFinish[],
): Promise<readonly (string | Failure)[]> {
  const ends: (string | Failure)[] = files.map(() => '');
  const prepared: Prepared[] = [];
  for (const [at, { staged, meta }] of files.entries()) {
    if (!(staged instanceof StagedItem)) {
      ends[at] = await failureOr(() => staged.finish(meta));
      continue;
    }
    const file = await failureOr(() => staged.prepare(meta));
    if (file instanceof Failure) ends[at] = file;
    else prepared.push({ file, mtimeUs: meta.mtimeUs, staged, at });
  }
  const portions: Prepared[][] = [];
  for (let at = 0; at < prepared.length; at += flushAtOnce) portions.push(prepared.slice(at, at + flushAtOnce));
  const finished = (await allEnded(portions.map((portion) => finishFiles(portion)))).flat();
  for (const [index, { staged, at }] of prepared.entries()) {
    ends[at] = endOf(staged, finished[index]);
  }
  return ends;
}

/** Throws what is no failure. */
async function failureOr<Result>(act: () => Promise<Result>): Promise<Result | Failure> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
