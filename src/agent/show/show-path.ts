import { displayName } from '../../model/name.ts';

/** A path for terminals: control characters and bytes that are no text are escaped. */
export function showPath(path: string): string {
  return displayName(path);
}
