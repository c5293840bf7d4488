import { Failure } from '../base/failure.ts';
import type { FileToFinish } from './disk.ts';
import { diskFailure } from './disk-failure.ts';
import type { DiskParts } from './disk-parts.ts';
import type { FileCalls, WrittenFile } from './file-calls.ts';
import { StagedItem } from './staging.ts';

/** Flushed one beside the other: the file system joins some of it. */
const finishAtOnce = 16;
/** Flushed with one call, in a thread of the pool; it has four, and flushes beside each other join better than in a row. */
const flushAtOnce = 16;
const callsAtOnce = 4;

/** `Disk.finishAll`. */
export async function finishAll({ calls }: DiskParts, files: readonly FileToFinish[]): Promise<readonly (string | Failure)[]> {
  const ends: (string | Failure)[] = [];
  const step = calls.finishFiles === undefined ? finishAtOnce : flushAtOnce * callsAtOnce;
  for (let at = 0; at < files.length; at += step) {
    const some = files.slice(at, at + step);
    const ended = calls.finishFiles === undefined ? finishEach(some) : finishTogether(calls.finishFiles.bind(calls), some);
    for (const end of await ended) ends.push(end);
  }
  return ends;
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
  const finished = (await Promise.all(portions.map((portion) => finishFiles(portion)))).flat();
  for (const [index, { staged, at }] of prepared.entries()) {
    const end = finished[index];
    if (end === undefined) throw new Failure('E_FAILED', 'not every file that was written was finished');
    if (!('error' in end)) ends[at] = staged.conclude(end);
    else {
      const failure = diskFailure(end.error, 'finish', staged.path);
      if (!(failure instanceof Failure)) throw failure;
      ends[at] = failure;
    }
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
