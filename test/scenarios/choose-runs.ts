import type { Run } from './scenario.ts';

/** More files than are played again and again. */
const hugeFiles = 1000;

/** One way for each outcome; where there is one outcome for all ways, now this one, now that (`at`). */
export function chooseRuns(runs: readonly Run[], at: number): readonly Run[] {
  const outcomes = new Map(runs.map((run) => [run.meeting?.wanted, run]));
  return outcomes.size > 1 ? [...outcomes.values()] : runs.slice(at % runs.length).slice(0, 1);
}

export function isHuge(runs: readonly Run[]): boolean {
  return runs.some(({ base }) => Object.keys(base).length > hugeFiles);
}
