/** What a file system has. */
export interface DiskSpace {
  /** For this user. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** What statfs says; a network's file system that counts nothing says 0, and lets through what its server takes. */
export function spaceOf(told: { readonly bavail: number; readonly blocks: number; readonly bsize: number }): DiskSpace {
  const freeBytes = told.blocks === 0 ? Number.MAX_SAFE_INTEGER : told.bavail * told.bsize;
  return { freeBytes, totalBytes: told.blocks * told.bsize };
}

const reserveMaxBytes = 1024 ** 3;

/**
 * Bytes that stay free on a disk, for everything else that needs it: whoever writes to the vault says how much arrives here, and a full
 * disk hurts other programs first. 1 GiB, of small disks one part in twenty.
 */
export function reserveOf({ totalBytes }: DiskSpace): number {
  return Math.min(reserveMaxBytes, Math.floor(totalBytes / 20));
}

/** For messages. */
export function reserveText(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024 ** 2))} MiB`;
}
