import type { Cost } from './measured-run.ts';

/** All runs of one contender at one task. */
export interface Row {
  readonly task: string;
  readonly who: string;
  readonly costs: readonly Cost[];
  /** What the store had more of afterwards, in bytes, where that was looked at. */
  readonly storedBytes?: readonly number[];
}

/** The one in the middle; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

const figures = ['seconds', 'of Cachette’s', 'CPU seconds', 'peak MB', 'more in the store'];

/** Markdown: medians, and each contender's time as a multiple of Cachette's at the same task. `second`: what the second column tells apart. */
export function benchTable(rows: readonly Row[], second = 'who'): string {
  const header = ['task', second, ...figures];
  const lines = rows.map((row) => cells(row, rows));
  return [header, header.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells({ task, who, costs, storedBytes }: Row, rows: readonly Row[]): readonly string[] {
  const seconds = median(costs.map((cost) => cost.seconds));
  const ours = rows.find((row) => row.task === task && row.who === 'Cachette');
  const ratio = ours === undefined || ours.who === who ? '' : `${(seconds / median(ours.costs.map((cost) => cost.seconds))).toFixed(2)} ×`;
  const peak = median(costs.map(({ peakBytes }) => peakBytes)) / 1e6;
  const stored = storedBytes === undefined ? '' : sizeText(median(storedBytes));
  return [task, who, seconds.toFixed(2), ratio, median(costs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2), peak.toFixed(0), stored];
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
