/** What a person has ticked and not applied yet: folders with all that is in them; the deepest that is named holds. */
import type { TreeRow } from '../../src/control/acts/folder-acts.ts';

export type Choice = ReadonlyMap<string, 'all' | 'none'>;
type Chosen = TreeRow['chosen'];

/** How the folder stands with what was ticked. */
export function chosenOf({ path, chosen }: Pick<TreeRow, 'path' | 'chosen'>, choice: Choice): Chosen {
  const own = nearest(path, choice) ?? chosen;
  for (const [other, word] of choice) if (word !== own && other.startsWith(`${path}/`)) return 'some';
  return own;
}

/** Ticks a folder, or takes the tick away: with all that is in it. What changes nothing is not named. */
export function choose({ path, chosen }: Pick<TreeRow, 'path' | 'chosen'>, word: 'all' | 'none', choice: Choice): Choice {
  const next = new Map([...choice].filter(([other]) => other !== path && !other.startsWith(`${path}/`)));
  if ((nearest(path, next) ?? chosen) !== word) next.set(path, word);
  return next;
}

/** As the agent takes it. */
export function toRequest(choice: Choice): { readonly include: string[]; readonly exclude: string[] } {
  const named = (word: 'all' | 'none'): string[] => [...choice].filter(([, each]) => each === word).map(([path]) => path);
  return { include: named('all'), exclude: named('none') };
}

/** What was said of the folder itself, or else of the one nearest above it. */
function nearest(path: string, choice: Choice): 'all' | 'none' | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const word = choice.get(at);
    if (word !== undefined) return word;
  }
  return undefined;
}
