import { errnoOf } from '../../base/errno.ts';
import { Failure, type FailureCode } from '../../base/failure.ts';

const codes: Readonly<Record<string, FailureCode>> = {
  ENOSPC: 'E_STORE_FULL',
  EDQUOT: 'E_STORE_FULL',
  EFBIG: 'E_STORE_FULL',
  EACCES: 'E_STORE_DENIED',
  EPERM: 'E_STORE_DENIED',
  EROFS: 'E_STORE_DENIED',
  ENOTDIR: 'E_STORE_BEHAVIOUR',
  EISDIR: 'E_STORE_BEHAVIOUR',
};

/** What a failed file operation means for a store. All that is not known better may be gone the next time: a disk unplugged, a share asleep. */
export function toFolderFailure(error: unknown, subject: string): Failure {
  if (error instanceof Failure) return error;
  const errno = errnoOf(error);
  // Names are short and made by us, and opened without following: nothing but a link in the object's place makes a loop.
  if (errno === 'ELOOP') return linkInStore(subject, error);
  if (errno === undefined) return new Failure('E_FAILED', `unexpected error at ${subject}`, { subject, cause: error });
  const code = codes[errno] ?? 'E_STORE_UNREACHABLE';
  return new Failure(code, `the store's folder answers ${errno} for ${subject}`, { subject, cause: error });
}

/** No device makes links in a store: somebody changed it, or spread it over disks. What stands behind one is anybody's. */
export function linkInStore(subject: string, cause?: unknown): Failure {
  return new Failure('E_TAMPER', `${subject} in the store's folder is a symbolic link, and none is followed there`, {
    subject,
    action:
      'nothing was changed here; put what it stands for in its place (the folder of the whole store may be a link, or on another disk)',
    cause,
  });
}
