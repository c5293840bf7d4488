import { Failure } from '../../base/failure.ts';
import type { EngineParts } from '../engine-parts.ts';

/** Notes down what the folder's file system can hold, as soon as it lies on another one than before. Where nothing can be tried out, what was known holds on. */
export async function learnTraits({ disk, index }: Pick<EngineParts, 'disk' | 'index'>): Promise<void> {
  await disk.checkRoot();
  try {
    const fileSystem = await disk.fileSystem();
    if (index.traits.fileSystem === fileSystem) return;
    const traits = await disk.probeTraits();
    index.transaction(() => {
      index.traits.replace(fileSystem, traits);
      index.local.changeTraits(traits);
    });
  } catch (error) {
    // A full disk, or one that can only be read: what is there can still be uploaded.
    if (!(error instanceof Failure) || error.code !== 'E_DISK') throw error;
  }
}
