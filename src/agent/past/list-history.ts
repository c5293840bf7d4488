import { readPast } from '../../index/past-reader.ts';
import type { NodeId } from '../../model/ids.ts';
import { parseVersion } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import type { NodeState } from '../../model/node.ts';
import type { PastReader } from '../../model/past.ts';
import { deletedVersions, findEverAt, versionsOf, type NodeVersion } from '../../planner/past-versions.ts';
import { lookInto, type Look } from '../folder/look-into.ts';
import { rememberedDevices, type RememberedDevice } from '../devices/remember-devices.ts';
import { namesOf, readingsOf } from '../show/typed-path.ts';
import { findVoidVersions } from './void-versions.ts';

/** A row of `history --json`. Of what was removed: what it was, with the version of the removal. */
export interface ListedVersion {
  /** What `restore --version` takes. */
  readonly version: string;
  /** Where it stood when it was made, or until it was removed. */
  readonly path: string;
  readonly kind: 'file' | 'dir' | 'link';
  readonly size: number;
  readonly mtime: string | null;
  /** Name of the device that made the change; '' where it is not known any more. */
  readonly device: string;
  /** When, by that device's clock; null where it is not known. */
  readonly at: string | null;
  readonly deleted: boolean;
  /** Whether it never came into the tree: made at the same time as another version, by a device not heard of since. */
  readonly lost?: true;
}

export type EachVersion = (version: ListedVersion) => void;

/** Every version of all that ever stood at the path, newest first, one at a time. From the index alone. */
export function listHistory(profileDir: string, path: string, each: EachVersion): Promise<void> {
  return lookInto(profileDir, (look) => {
    for (const version of historyOf(look, path)) each(version);
  });
}

/** Files and links that are gone, those removed last first; of the folder and all below it, or of everything. */
export function listDeleted(profileDir: string, folder: string, each: EachVersion): Promise<void> {
  return lookInto(profileDir, (look) => {
    for (const version of deletedIn(look, folder)) each(version);
  });
}

/** As `listHistory`, for whoever does not want all of them. */
export function* historyOf(look: Look, path: string): Generator<ListedVersion, void> {
  const past = readPast(look.index);
  const devices = rememberedDevices(look.index);
  const names = namesEverAt(past, path);
  const nodes = new Set(findEverAt(past, names).keys());
  const lost = findVoidVersions(look.index, look.settings.device.id).filter(({ id, path: at }) => nodes.has(id) || at === names.join('/'));
  const lostRow = (version: NodeVersion): ListedVersion => ({ ...rowOf(past, devices, version), lost: true });
  for (const version of versionsOf(past, [...nodes])) {
    for (let next = lost[0]; next !== undefined && next.version > version.version; next = lost[0]) {
      lost.shift();
      yield lostRow(next);
    }
    yield rowOf(past, devices, version);
  }
  for (const version of lost) yield lostRow(version);
}

/** As `listDeleted`, for whoever does not want all of them. */
export function* deletedIn(look: Look, folder: string): Generator<ListedVersion, void> {
  const past = readPast(look.index);
  const devices = rememberedDevices(look.index);
  const names = namesEverAt(past, folder);
  const folders: readonly NodeId[] | undefined = names.length === 0 ? undefined : [...findEverAt(past, names).keys()];
  for (const version of deletedVersions(past, folders)) yield rowOf(past, devices, version);
}

/** Names of a path as a person gives it: those that anything ever stood at, where it can be read in more ways than one. */
export function namesEverAt(past: PastReader, path: string): readonly NodeName[] {
  return readingsOf(path).find((names) => findEverAt(past, names).size > 0) ?? namesOf(path);
}

function rowOf(past: PastReader, devices: readonly RememberedDevice[], { version, path, state, isDeleted }: NodeVersion): ListedVersion {
  const entry = past.findEntry(parseVersion(version).entry);
  return {
    version,
    path,
    kind: state.kind === 'folder' ? 'dir' : state.kind,
    size: state.kind === 'file' ? state.content.sizeBytes : 0,
    mtime: mtimeOf(state),
    device: devices.find(({ id }) => id === entry?.device)?.name ?? '',
    at: entry === undefined ? null : new Date(entry.timeMs).toISOString(),
    deleted: isDeleted,
  };
}

/** Folders have none in the vault. */
function mtimeOf(state: NodeState): string | null {
  return state.kind === 'folder' ? null : new Date(Math.floor(state.mtimeUs / 1000)).toISOString();
}
