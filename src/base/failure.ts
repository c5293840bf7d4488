/** Everything a user can be told went wrong, by a code that never changes meaning. */

/** What a code means to a script (process exit code) and to a person (what to do next). */
interface FailureMeaning {
  /** Exit code of the command line: 1 failed, 2 usage, 4 store unavailable, 5 refused, 6 locked, 7 held back. */
  readonly exitCode: 1 | 2 | 4 | 5 | 6 | 7;
  /** What the user can do next; shown after the message unless the failure carries a better one. */
  readonly action: string;
}

const rightStore = 'nothing was changed here; put the right store back, or ask `cachette verify` what is damaged';

/** The one table of stable codes. Scripts rely on them: add, never rename. */
export const failureMeanings = {
  // What the store gave is not what this vault's devices wrote.
  E_TAMPER: { exitCode: 5, action: rightStore },
  E_MISSING: { exitCode: 5, action: rightStore },
  E_ROLLBACK: { exitCode: 5, action: rightStore },
  E_FORK: { exitCode: 5, action: rightStore },
  E_REPLACED_VAULT: { exitCode: 5, action: rightStore },
  E_STORE_EMPTY: { exitCode: 5, action: rightStore },
  E_FORMAT: { exitCode: 5, action: 'update Cachette if another device runs a newer version; otherwise the store is damaged' },
  E_DOWNGRADE: { exitCode: 5, action: rightStore },
  E_KDF_BOUNDS: { exitCode: 5, action: rightStore },
  E_LIMIT: { exitCode: 5, action: rightStore },
  E_UNTRUSTED_DEVICE: { exitCode: 5, action: 'check the list of devices on a device that you trust' },
  E_REVOKED_WRITER: { exitCode: 5, action: 'check the list of devices on a device that you trust' },
  E_REVOKED: { exitCode: 5, action: 'your files stay; join again from a new profile if that was a mistake' },
  E_EPOCH: { exitCode: 5, action: 'use the current passphrase or recovery key' },
  E_CLONED_DEVICE: {
    exitCode: 5,
    action: 'this profile was copied, or put back from a backup: `cachette devices renew` makes it a device of its own; files stay',
  },
  E_STORE_REDIRECT: { exitCode: 5, action: 'give the final address of the store; redirects are not followed' },
  // Held back, locked.
  E_BULK_CHANGE: { exitCode: 7, action: 'look at `cachette confirm --list`, then `cachette confirm` or `cachette confirm --reject`' },
  E_LOCKED: { exitCode: 6, action: 'give the passphrase (CACHETTE_PASSPHRASE or --passphrase-file) or the recovery key' },
  E_KEYCHAIN_LOCKED: {
    exitCode: 6,
    action: 'unlock or start the keychain (log in to a session that has it), then run this again; nothing was changed',
  },
  E_CODE: { exitCode: 6, action: 'run `cachette join --code` again on the new device, and type the code that it shows then' },
  E_WEAK_PASSPHRASE: { exitCode: 6, action: 'choose a longer one: four or more unrelated words' },
  // The store can't be used right now.
  E_STORE_UNREACHABLE: { exitCode: 4, action: 'check the network and the address; the next run goes on where this one stopped' },
  E_STORE_FULL: { exitCode: 4, action: 'make room in the store; the next run goes on where this one stopped' },
  E_STORE_DENIED: { exitCode: 4, action: 'check the credentials and rights for this store' },
  E_STORE_LATE: { exitCode: 4, action: "nothing was changed here; the store's listing is late, and the next run goes on" },
  E_STORE_BEHAVIOUR: { exitCode: 4, action: 'this store does not keep what it was given; use another one' },
  // Local matters.
  E_UNREADABLE: { exitCode: 1, action: 'give yourself the right to read it (chmod u+rwx); it is tried again by itself' },
  E_STILL_WRITTEN: { exitCode: 1, action: 'nothing is lost: sync again once it rests, or let `cachette sync --watch` take it by itself' },
  E_UNSAFE_NAME: { exitCode: 1, action: 'rename it on the device that made it' },
  E_UNSAFE_LINK: {
    exitCode: 1,
    action: 'nothing is lost: it stays in the vault; make the same link here yourself if you want it here too',
  },
  E_MOUNT_GONE: { exitCode: 1, action: 'mount the disks as they were; nothing was removed, and it goes on by itself then' },
  E_UNSUPPORTED: { exitCode: 1, action: 'nothing is lost: it stays in the vault and on your other devices' },
  E_TOO_LARGE: { exitCode: 1, action: 'nothing is lost: it stays as it is; split it up, and it is tried again by itself' },
  E_IN_THE_WAY: { exitCode: 1, action: 'nothing was overwritten; sync or move it away, or restore with --to another path' },
  E_NAME_CLASH: { exitCode: 1, action: 'rename one of the two' },
  E_LOCAL_PERMS: { exitCode: 1, action: 'make it belong to you alone (chmod 700)' },
  E_KEYCHAIN_WEAK: { exitCode: 1, action: 'choose --key-storage passphrase or file' },
  E_FOLDER_MISSING: { exitCode: 1, action: 'bring the folder back or `cachette relink --folder DIR`; nothing was removed' },
  E_FOLDER_OWNED: { exitCode: 1, action: 'choose another folder, or stop the other one' },
  E_BUSY: { exitCode: 1, action: 'wait for the other run to end' },
  E_INDEX_DAMAGED: { exitCode: 1, action: 'run `cachette sync` again: the index is rebuilt from the folder and the store' },
  E_INDEX_NEWER: { exitCode: 1, action: 'update Cachette on this computer; the index is left as it is, and nothing was changed' },
  E_DISK: { exitCode: 1, action: 'check the disk, its free space and the rights' },
  E_NO_PROFILE: { exitCode: 1, action: 'run `cachette init` or `cachette join` first' },
  E_PROFILE_EXISTS: { exitCode: 1, action: 'choose another --profile' },
  E_STORE_NOT_EMPTY: { exitCode: 1, action: 'choose an empty place for a new vault, or `cachette join` the one that is there' },
  E_NOT_APPROVED: {
    exitCode: 1,
    action: 'run `cachette join --code` again, and `cachette devices approve` with its code on a device of the vault within ten minutes',
  },
  E_OWN_DEVICE: { exitCode: 1, action: 'remove it on another device: `cachette devices revoke NAME` there' },
  E_NOT_FOUND: { exitCode: 1, action: 'check the name' },
  E_FAILED: { exitCode: 1, action: 'please report this' },
  E_USAGE: { exitCode: 2, action: 'see `cachette --help`' },
} as const satisfies Record<string, FailureMeaning>;

/** A stable code, for scripts and for the tables of the documentation. */
export type FailureCode = keyof typeof failureMeanings;

/** More about a failure than its code and its message. */
export interface FailureDetail {
  /** What it is about: an object's name, a path, a host. Never a secret. */
  readonly subject?: string;
  /** What to do next, where the code's own advice is not the best. */
  readonly action?: string;
  readonly cause?: unknown;
}

/** The only error that is thrown on purpose. Anything else that arrives at an edge is a bug of ours. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly subject: string | undefined;
  readonly action: string;

  constructor(code: FailureCode, message: string, detail: FailureDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.subject = detail.subject;
    this.action = detail.action ?? failureMeanings[code].action;
  }

  /** Exit code of the command line for this failure. */
  get exitCode(): number {
    return failureMeanings[this.code].exitCode;
  }
}

/** Whether trying the same again later can help: the store was away, not wrong. */
export function isTransient(error: unknown): boolean {
  return error instanceof Failure && error.code === 'E_STORE_UNREACHABLE';
}

/** For the default branch of a complete `switch`: a new case is then a compile error. */
export function unreachable(value: never): never {
  throw new Failure('E_FAILED', `no case for ${JSON.stringify(value)}`);
}
