import { Failure } from '../../base/failure.ts';

/**
 * Version 1 is the only one. Throws E_DOWNGRADE for any other, before the rest of the structure is looked at; E_FORMAT for what
 * is no number.
 */
export function requireVersion(structure: unknown, what: string, subject?: string): void {
  const version: unknown = Array.isArray(structure) ? structure[0] : undefined;
  if (version === 1) return;
  if (typeof version !== 'number') throw new Failure('E_FORMAT', `${what} says no version`, subject === undefined ? {} : { subject });
  const newer = { action: 'update Cachette if another device runs a newer version; otherwise the store is damaged' };
  throw new Failure('E_DOWNGRADE', `${what} says that it has version ${version}; this program knows version 1`, {
    ...(version > 1 ? newer : {}),
    ...(subject === undefined ? {} : { subject }),
  });
}
