import type { DiskSettings, OpenDisk } from './open-disk.ts';
import { nodeCalls } from './calls/node-calls.ts';
import { openDisk } from './open-disk.ts';

export interface NodeDiskSettings extends DiskSettings {
  /** The synced folder; links on the way to it are followed. */
  readonly rootDir: string;
}

/** A folder of this machine. It must have been linked with the same mark (`linkFolder`). */
export function openNodeDisk({ rootDir, ...settings }: NodeDiskSettings): OpenDisk {
  return openDisk(nodeCalls(rootDir), settings);
}
