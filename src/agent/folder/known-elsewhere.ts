import type { DiskPath, Observed } from '../../disk/disk.ts';
import type { EngineParts } from '../../engine/engine-parts.ts';
import { findLocalPath } from '../../engine/local-path.ts';

/**
 * Other places at which what stands at the path is known (undefined: below a folder that has none): it was moved from there, or is
 * linked to both. None where the disk does not tell.
 */
export function knownElsewhere(
  { local }: Pick<EngineParts['index'], 'local'>,
  path: DiskPath,
  { identity }: Observed,
): readonly (DiskPath | undefined)[] {
  if (identity === '') return [];
  const places = local.findByIdentity(identity).map(({ id }) => findLocalPath((node) => local.find(node), id));
  return places.filter((place) => place !== path);
}
