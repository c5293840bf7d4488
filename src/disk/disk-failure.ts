import { Failure } from '../base/failure.ts';
import { displayName } from '../model/name.ts';
import { callCode } from './calls/file-calls.ts';

const reasons: Readonly<Record<string, readonly [reason: string, action?: string]>> = {
  ENOSPC: ['the disk is full', 'make room on this disk; the next run goes on where this one stopped'],
  EDQUOT: ['your quota on this disk is used up', 'make room on this disk; the next run goes on where this one stopped'],
  EFBIG: ['this disk holds no files of that size', 'leave it out on this computer, or use another file system'],
  EROFS: ['the disk is read-only', 'mount it for writing; a disk that became read-only by itself may be failing'],
  EACCES: ['permission denied', 'give yourself the rights to it (and to the folder that it is in)'],
  EPERM: ['the system forbids it', 'look at its owner, rights and attributes (immutable?)'],
  EIO: ['the disk reports an input/output error', 'check the disk; copy what matters elsewhere first'],
  EMFILE: ['too many open files', 'raise the limit of open files (ulimit -n) or stop other programs'],
  ENFILE: ['too many open files', 'raise the limit of open files or stop other programs'],
  EBUSY: ['another program holds it', 'close the program that uses it; it is tried again'],
  ETXTBSY: ['the program is running', 'stop it; it is tried again'],
  ENAMETOOLONG: ['the name is too long for this disk', 'shorten the name'],
  EILSEQ: ['this disk cannot hold that name', 'rename it on the device that made it'],
  EXDEV: ['it lies on another disk than the synced folder', 'keep what is mounted inside the folder out of sync'],
};

/** E_DISK for what a call threw; what is no call's error comes back as it is. `doing` continues "cannot": "read", "put in place", … */
export function diskFailure(error: unknown, doing: string, path: string): unknown {
  const code = callCode(error);
  if (error instanceof Failure || code === '') return error;
  const [reason, action] = reasons[code] ?? ['the system answered'];
  const shown = path === '' ? 'the synced folder itself' : displayName(path);
  const detail = { subject: shown, cause: error };
  return new Failure('E_DISK', `cannot ${doing} ${shown}: ${reason} (${code})`, action === undefined ? detail : { ...detail, action });
}
