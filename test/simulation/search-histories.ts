/** Looks through random histories for one that fails, and makes what it finds small. */
import type { Coverage } from './coverage.ts';
import { describeFailure, drawHistory, type DrawnHistory } from './draw-history.ts';
import type { History } from './history.ts';
import { runHistory } from './run-history.ts';
import { shrinkHistory } from './shrink-history.ts';
import { signOfFailure } from './sign-of-failure.ts';
import { kinds, type Kind } from './trouble.ts';

/** Failures of one sign that are made small; the others are only counted. */
const shrunkMax = 2;
const shrinkRunsMax = 600;

/** Which histories: these kinds of trouble for each seed from the first on, in these steps. */
export interface Search {
  readonly kinds: readonly Kind[];
  readonly firstSeed: number;
  readonly seedStep: number;
  /** Asked before each history. */
  readonly goesOn: (histories: number) => boolean;
  readonly coverage?: Coverage;
  /** Whether what is found is made small, asked before each run for that (default: always). What is smallest by then is told. */
  readonly makesSmall?: () => boolean;
  readonly found: (finding: Finding) => void;
}

/** A history that failed. */
export interface Finding {
  readonly kind: Kind;
  readonly seed: number;
  readonly sign: string;
  /** The smallest that was found to fail so, and what happens in it; undefined where that was not wanted, or known of others. */
  readonly smallest: { readonly history: History; readonly story: string } | undefined;
}

/** How many histories were run. */
export async function searchHistories(search: Search): Promise<number> {
  const signs = new Map<string, number>();
  let histories = 0;
  for (let seed = search.firstSeed; ; seed += search.seedStep) {
    for (const kind of search.kinds) {
      if (!search.goesOn(histories)) return histories;
      const drawn = await drawHistory(seed, kinds[kind], search.coverage);
      histories += 1;
      if (drawn.failure === undefined) continue;
      const sign = signOfFailure(drawn.failure);
      const count = (signs.get(sign) ?? 0) + 1;
      signs.set(sign, count);
      const goesOn = search.makesSmall ?? (() => true);
      const isWanted = count <= shrunkMax && goesOn();
      search.found({ kind, seed, sign, smallest: isWanted ? await findSmallest(drawn, sign, goesOn) : undefined });
    }
  }
}

async function findSmallest({ history }: DrawnHistory, sign: string, goesOn: () => boolean): Promise<NonNullable<Finding['smallest']>> {
  const smallest = await shrinkHistory(
    history,
    async (candidate) => {
      const { failure } = await runHistory(candidate);
      return failure !== undefined && signOfFailure(failure) === sign;
    },
    { runsMax: shrinkRunsMax, goesOn },
  );
  return { history: smallest, story: describeFailure({ ...(await runHistory(smallest)), history: smallest }) };
}
