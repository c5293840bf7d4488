import { concatBytes } from '../base/bytes.ts';
import type { DiskPath, SmallFile, WholeReading } from './disk.ts';
import type { DiskParts } from './disk-parts.ts';
import type { WholeFile } from './calls/file-calls.ts';
import { readFile, readOutcomeOf } from './read-file.ts';
import { splitPath } from './root-anchor.ts';

/** `Disk.readWhole`. */
export async function readWhole(parts: DiskParts, files: readonly SmallFile[]): Promise<readonly WholeReading[]> {
  const readings: WholeReading[] = [];
  for (const [folder, siblings] of groups(files)) {
    // No call that reads many also tells where they came from.
    const isTogether = parts.calls.readFiles !== undefined && parts.calls.readOrigin === undefined;
    const found = isTogether ? await readTogether(parts, folder, siblings) : await readEach(parts, siblings);
    for (const reading of found) readings.push(reading);
  }
  return readings;
}

/** Those that stand in one folder, as long as they come one after the other. */
function* groups(files: readonly SmallFile[]): Generator<[DiskPath, readonly SmallFile[]]> {
  let folder = '';
  let group: SmallFile[] = [];
  for (const file of files) {
    const above = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    if (group.length > 0 && above !== folder) {
      yield [folder as DiskPath, group];
      group = [];
    }
    folder = above;
    group.push(file);
  }
  if (group.length > 0) yield [folder as DiskPath, group];
}

async function readEach(parts: DiskParts, files: readonly SmallFile[]): Promise<readonly WholeReading[]> {
  const readings: WholeReading[] = [];
  for (const { path, expected, sizeBytes } of files) {
    const blocks: Uint8Array[] = [];
    const onBlock = (block: Uint8Array): void => void blocks.push(block);
    const outcome = await readFile(parts, path, { expected, blocks: Math.max(1, sizeBytes), onBlock });
    const [only = new Uint8Array(), ...others] = blocks;
    readings.push(typeof outcome === 'string' ? outcome : { now: outcome.now, bytes: others.length === 0 ? only : concatBytes(blocks) });
  }
  return readings;
}

async function readTogether({ calls, root }: DiskParts, folder: DiskPath, files: readonly SmallFile[]): Promise<readonly WholeReading[]> {
  const wanted = files.map(({ path, sizeBytes }) => ({ name: splitPath(path).at(-1) ?? '', sizeBytes }));
  try {
    const found = await root.withFolder(folder, (open) => calls.readFiles?.(open, wanted));
    if (found === undefined || found === 'gone') return files.map(() => 'changed');
    return files.map((file, at) => judge(file, found[at] ?? 'changed'));
  } catch (error) {
    const outcome = findOutcome(error);
    return files.map(() => outcome);
  }
}

function judge({ expected }: SmallFile, found: WholeFile): WholeReading {
  if (found === 'changed') return 'changed';
  if ('error' in found) return findOutcome(found.error);
  const { kind, identity, fingerprint } = found.now;
  return kind === expected.kind && identity === expected.identity && fingerprint === expected.fingerprint ? found : 'changed';
}

/** Throws what tells nothing of the file. */
function findOutcome(error: unknown): 'changed' | 'unreadable' {
  const outcome = readOutcomeOf(error);
  if (outcome === undefined) throw error;
  return outcome;
}
