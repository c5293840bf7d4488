import path from 'node:path';
import { Failure } from '../../base/failure.ts';
import { acquireOwnerLock, type OwnerLock } from '../../index/file/owner-lock.ts';

/** Makes this process the only server of the root, until released or ended. Throws E_BUSY where another one is; E_DISK. */
export function lockServerRoot(rootDir: string): OwnerLock {
  try {
    return acquireOwnerLock(path.join(rootDir, 'lock'));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'E_BUSY') throw error;
    throw new Failure('E_BUSY', `another server keeps its stores in ${rootDir}`, {
      subject: rootDir,
      action: 'stop it first, or give this one another --root',
      cause: error,
    });
  }
}
