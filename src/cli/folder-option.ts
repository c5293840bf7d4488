import path from 'node:path';
import { Failure } from '../base/failure.ts';

/** The folder that an option names, absolute. Nothing is no name for the current one. Throws E_USAGE. */
export function folderOption(option: string, dir: string): string {
  if (dir === '') throw new Failure('E_USAGE', `${option} is empty: give a folder, or . for the current one`);
  return path.resolve(dir);
}
