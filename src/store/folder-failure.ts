import { errnoOf } from '../base/errno.ts';
import { Failure, type FailureCode } from '../base/failure.ts';

const codes: Readonly<Record<string, FailureCode>> = {
  ENOSPC: 'E_STORE_FULL',
  EDQUOT: 'E_STORE_FULL',
  EFBIG: 'E_STORE_FULL',
  EACCES: 'E_STORE_DENIED',
  EPERM: 'E_STORE_DENIED',
  EROFS: 'E_STORE_DENIED',
  // Names are short and made by us: only a link that somebody planted makes a loop.
  ELOOP: 'E_STORE_BEHAVIOUR',
  ENOTDIR: 'E_STORE_BEHAVIOUR',
  EISDIR: 'E_STORE_BEHAVIOUR',
};

/** What a failed file operation means for a store. All that is not known better may be gone the next time: a disk unplugged, a share asleep. */
export function toFolderFailure(error: unknown, subject: string): Failure {
  if (error instanceof Failure) return error;
  const errno = errnoOf(error);
  if (errno === undefined) return new Failure('E_FAILED', `unexpected error at ${subject}`, { subject, cause: error });
  const code = codes[errno] ?? 'E_STORE_UNREACHABLE';
  return new Failure(code, `the store's folder answers ${errno} for ${subject}`, { subject, cause: error });
}
