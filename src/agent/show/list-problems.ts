import { lookInto } from '../folder/look-into.ts';
import type { Problem } from '../../index/problem-table.ts';

/** A row of `problems --json`. */
export type ListedProblem = Pick<Problem, 'code' | 'path' | 'message' | 'action'>;

const pageSize = 1000;

/** Every item that can't be synced now, by path. */
export function listProblems(profileDir: string): Promise<ListedProblem[]> {
  return lookInto(profileDir, ({ index }) => {
    const found: ListedProblem[] = [];
    for (let after: Problem | undefined; ;) {
      const page = index.problems.list(pageSize, after);
      for (const { code, path, message, action } of page) found.push({ code, path, message, action });
      after = page.at(-1);
      if (page.length < pageSize) return found;
    }
  });
}
