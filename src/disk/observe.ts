import type { Expected, Observed } from './disk.ts';
import type { Entry, FileCalls, Stat } from './calls/file-calls.ts';

/** What the engine is told of an item. */
export function observe(stat: Stat, target: string): Observed {
  return {
    kind: stat.kind,
    identity: identityOf(stat),
    fingerprint: fingerprintOf(stat),
    sizeBytes: stat.kind === 'file' ? stat.sizeBytes : 0,
    mtimeUs: toMicroseconds(stat.mtimeNs),
    executable: stat.kind === 'file' && (stat.mode & 0o100) !== 0,
    device: stat.kind === 'folder' ? deviceOf(stat) : '',
    target,
  };
}

/** What stands at an entry; undefined where nothing does. */
export function observeEntry(calls: FileCalls, entry: Entry): Observed | undefined {
  const stat = calls.lstat(entry);
  if (stat === undefined) return undefined;
  return observe(stat, stat.kind === 'link' ? calls.readLink(entry) : '');
}

/** Whether that is what the engine believes is there. */
export function isExpected(stat: Stat | undefined, expected: Expected): boolean {
  if (stat === undefined || expected === 'absent') return stat === undefined && expected === 'absent';
  return stat.kind === expected.kind && identityOf(stat) === expected.identity && fingerprintOf(stat) === expected.fingerprint;
}

/** Whether it is known not to be the item of that identity. */
export function isOther(stat: Stat, identity: string): boolean {
  const found = identityOf(stat);
  return identity !== '' && found !== '' && found !== identity;
}

/** The same item with the same content, though it may have been renamed or linked (which moves ctime). */
export function isUntouched(before: Stat, after: Stat | undefined): boolean {
  return after !== undefined && isSameItem(before, after) && before.mtimeNs === after.mtimeNs && before.sizeBytes === after.sizeBytes;
}

export function isSameItem(a: Stat, b: Stat): boolean {
  return a.inode === b.inode && a.device === b.device && a.kind === b.kind && a.birthNs === b.birthNs;
}

/** A folder of the same file system that is mounted over another one (a bind mount) comes and goes as a disk does. */
function deviceOf({ device, mount }: Stat): string {
  return mount === 0n ? String(device) : `${device}:${mount}`;
}

// Without a birth time a reused inode number would pass for the item that had it before.
function identityOf(stat: Stat): string {
  return stat.birthNs === 0n || stat.inode === 0n ? '' : `${stat.inode}:${stat.birthNs}`;
}

function fingerprintOf(stat: Stat): string {
  return stat.kind === 'folder' ? '' : `${stat.inode}:${stat.sizeBytes}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

/** Rounds down, before 1970 too. */
export function toMicroseconds(ns: bigint): number {
  const quotient = ns / 1000n;
  return nearestTime(Number(ns < 0n && quotient * 1000n !== ns ? quotient - 1n : quotient));
}

/** In a vault times are exact numbers (1684 to 2255); a whole second, which every way of setting one keeps. */
const latestUs = 9_007_199_254_000_000;

/** The nearest time to this one (in microseconds) that a vault can hold: a disk may hold any, and a damaged one shows some that nobody set. */
export function nearestTime(mtimeUs: number): number {
  return Math.min(latestUs, Math.max(-latestUs, mtimeUs));
}
