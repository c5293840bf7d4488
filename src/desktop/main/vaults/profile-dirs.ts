/** Where vaults keep their profiles: the usual place for the first, places beside it for the others. Decisions only. */
import { vaultsMax } from '../../../control/acts/shell-acts.ts';

const numbers = Array.from({ length: vaultsMax }, (_, at) => at + 1);

/** `usualDir`, `usualDir-2`, `usualDir-3`, … */
export function profileDirOf(usualDir: string, number: number): string {
  return number === 1 ? usualDir : `${usualDir}-${number}`;
}

/** The vaults to begin with: all that have a profile; where there is none at all, the one that will be set up first. */
export function numbersAtStart(hasProfile: (number: number) => boolean): readonly number[] {
  const found = numbers.filter(hasProfile);
  return found.length === 0 ? [1] : found;
}

/** For one more; undefined where there are enough. `isFree`: whether a profile can be made there. */
export function nextNumber(taken: ReadonlySet<number>, isFree: (number: number) => boolean): number | undefined {
  return numbers.find((number) => !taken.has(number) && isFree(number));
}
