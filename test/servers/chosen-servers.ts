import fs from 'node:fs';
import { apache } from './apache.ts';
import { ceph, cephVersioned } from './ceph.ts';
import { gnomeKeyring } from './gnome-keyring.ts';
import { nginx } from './nginx.ts';
import { rclone } from './rclone.ts';
import { s3rver } from './s3rver.ts';
import type { Installable, ServerKind } from './server-kind.ts';
import { swift, swiftLate } from './swift.ts';

/** Every kind of server that the tests know. */
const serverKinds: readonly ServerKind[] = [apache, nginx, rclone, ceph, cephVersioned, s3rver, swift, swiftLate];

const all: readonly Installable[] = [...serverKinds, gnomeKeyring];

/** What CACHETTE_SERVERS names, with commas between; all unless it names any. Throws for a name that nobody has. */
export function isChosen({ name }: Installable): boolean {
  const names = (process.env['CACHETTE_SERVERS'] ?? '').split(',').filter((each) => each !== '');
  const unknown = names.filter((each) => !all.some((known) => known.name === each));
  if (unknown.length > 0) throw new Error(`no server is called ${unknown.join(', ')}: ${all.map((known) => known.name).join(', ')}`);
  return names.length === 0 || names.includes(name);
}

export function chosenServers(): readonly ServerKind[] {
  return serverKinds.filter(isChosen);
}

/** Servers and whatever else the tests here need. */
export function chosenParts(): readonly Installable[] {
  return all.filter(isChosen);
}

export function isInstalled({ needs }: Installable): boolean {
  return needs.every((file) => fs.existsSync(file));
}
