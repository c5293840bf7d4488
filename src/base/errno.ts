import os from 'node:os';

const { EBADMSG, EDQUOT, ESTALE } = os.constants.errno;
/** Of Linux, which nothing here names. */
const EUCLEAN = 117;
/** What libuv has no name for, so that Node calls it an unknown system error: a quota that is used up, for one. */
const unnamed = new Map([
  [EBADMSG, 'EBADMSG'],
  [EDQUOT, 'EDQUOT'],
  [ESTALE, 'ESTALE'],
  ...(process.platform === 'linux' ? [[EUCLEAN, 'EUCLEAN'] as const] : []),
]);

/** The system's name for what went wrong (`ENOENT`, …; `E126` where there is only a number); undefined for an error that is not the system's. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (!error.code.startsWith('Unknown system error') || !('errno' in error) || typeof error.errno !== 'number') return error.code;
  return unnamed.get(-error.errno) ?? `E${-error.errno}`;
}
