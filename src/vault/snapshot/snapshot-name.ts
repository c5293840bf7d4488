import { Failure } from '../../base/failure.ts';

const pattern = /^snapshots\/([0-9a-f]{16})$/;

/** The object name of a snapshot's manifest or part with this random tag (16 hex). Throws E_FORMAT where it is not one. */
export function snapshotName(tag: string): string {
  const name = `snapshots/${tag}`;
  if (!pattern.test(name)) throw new Failure('E_FORMAT', 'not the tag of a snapshot');
  return name;
}

/** The tag in such a name; undefined where it is not one (a foreign object in the store). */
export function findSnapshotTag(name: string): string | undefined {
  return pattern.exec(name)?.[1];
}

/** The tag in such a name. Throws E_FAILED where it is not one. */
export function snapshotTag(name: string): string {
  const tag = findSnapshotTag(name);
  if (tag === undefined) throw new Failure('E_FAILED', 'not the name of a snapshot');
  return tag;
}
