import path from 'node:path';
import { Failure } from '../base/failure.ts';

/** The folder that an option names, absolute. Nothing is no name for the current one. Throws E_USAGE. */
export function folderOption(option: string, dir: string): string {
  if (dir === '') throw new Failure('E_USAGE', `${option} is empty: give a folder, or . for the current one`);
  return absolutePath(option, dir);
}

/** Throws E_USAGE where it is told from a current folder that was removed. */
export function absolutePath(option: string, file: string): string {
  if (path.isAbsolute(file)) return path.resolve(file);
  try {
    return path.resolve(file);
  } catch (cause) {
    throw new Failure('E_USAGE', `${option} starts from the current folder, which is not there any more`, {
      action: 'give a path that begins with /',
      cause,
    });
  }
}
