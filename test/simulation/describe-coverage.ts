import type { CoverageTables } from './coverage.ts';

const titles: Readonly<Record<keyof CoverageTables, string>> = {
  matrix: 'changes that met (conflict matrix)',
  phases: 'what happened in which phase',
  crashes: 'where an engine was killed or lost its power',
};
const oftenHits = 100;

/** How many different cells were hit, and how many of them often; all of them, where asked for. */
export function describeCoverage(tables: CoverageTables, how: 'in short' | 'in full'): string {
  return (Object.keys(titles) as (keyof CoverageTables)[]).map((table) => describe(titles[table], tables[table], how)).join('\n');
}

function describe(title: string, table: Readonly<Record<string, number>>, how: 'in short' | 'in full'): string {
  const cells = Object.entries(table).toSorted(([, a], [, b]) => b - a);
  const often = cells.filter(([, hits]) => hits >= oftenHits).length;
  const head = `${title}: ${cells.length} cells, ${often} of them at least ${oftenHits} times`;
  return how === 'in short' ? head : [head, ...cells.map(([cell, hits]) => `  ${String(hits).padStart(8)}  ${cell}`)].join('\n');
}
