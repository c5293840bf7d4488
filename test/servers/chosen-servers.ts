import fs from 'node:fs';
import { apache } from './apache.ts';
import { ceph, cephVersioned } from './ceph.ts';
import { nginx } from './nginx.ts';
import { rclone } from './rclone.ts';
import { s3rver } from './s3rver.ts';
import type { ServerKind } from './server-kind.ts';
import { swift, swiftLate } from './swift.ts';

/** Every kind of server that the tests know. */
const serverKinds: readonly ServerKind[] = [apache, nginx, rclone, ceph, cephVersioned, s3rver, swift, swiftLate];

/** What CACHETTE_SERVERS names, with commas between; all unless it names any. Throws for a name that nobody has. */
export function chosenServers(): readonly ServerKind[] {
  const names = (process.env['CACHETTE_SERVERS'] ?? '').split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => !serverKinds.some((kind) => kind.name === name));
  if (unknown.length > 0) throw new Error(`no server is called ${unknown.join(', ')}: ${serverKinds.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? serverKinds : serverKinds.filter(({ name }) => names.includes(name));
}

export function isInstalled({ needs }: ServerKind): boolean {
  return needs.every((file) => fs.existsSync(file));
}
