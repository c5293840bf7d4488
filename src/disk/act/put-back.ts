import type { Entry, FileCalls, Stat } from '../calls/file-calls.ts';
import { isUntouched } from '../observe.ts';
import { placeNew } from './place-new.ts';
import { putBeside } from './put-beside.ts';
import type { Anchored } from '../root-anchor.ts';

/**
 * Puts what was taken, and turned out to be a user's, back to its place; beside it where he has taken the place again: what he saw
 * vanish for a moment may be a whole folder. Throws what the place has against it; then it is saved at the top (`orSave`).
 */
export function putBack(calls: FileCalls, taken: Entry, entry: Anchored): void {
  orSave(calls, { taken, entry }, () => {
    if (placeNew(calls, taken, entry) === 'taken') putBeside(calls, taken, entry);
  });
}

/** Something on its way back. */
export interface Return {
  /** Where it was taken to; there may be nothing any more. */
  readonly taken: Entry;
  /** Where it stood. */
  readonly entry: Anchored;
  /** What is not a user's, should that be what stands there by now. */
  readonly ours?: Stat;
}

/**
 * Runs what puts something back. Should its folder refuse that (a user has taken the rights to it away in the same moment),
 * it goes to the top of the synced folder, named as `putBeside` has it: nobody would look for what he has just written in
 * the trash. Throws what was refused all the same.
 */
export function orSave(calls: FileCalls, { taken, entry, ours }: Return, putIn: () => void): void {
  try {
    putIn();
  } catch (error) {
    const left = calls.lstat(taken);
    if (left !== undefined && (ours === undefined || !isUntouched(ours, left)))
      putBeside(calls, taken, { folder: entry.top, name: entry.name });
    throw error;
  }
}
