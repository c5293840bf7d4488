import type { DiskPath, Observed } from '../../disk/disk.ts';
import type { EngineParts } from '../../engine/engine-parts.ts';
import { findLocalPath } from '../../engine/local-path.ts';

/** Whether what stands at the path is known under another one: it was moved here, or is linked to both. Never where the disk does not tell. */
export function isKnownElsewhere({ local }: Pick<EngineParts['index'], 'local'>, path: DiskPath, { identity }: Observed): boolean {
  if (identity === '') return false;
  return local.findByIdentity(identity).some(({ id }) => findLocalPath((node) => local.find(node), id) !== path);
}
