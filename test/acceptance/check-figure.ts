import { expect, type TestContext } from 'vitest';

type Unit = 'MB' | 'KB' | 'objects' | 's';

/** One line of the table that `npm run figures` prints. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: Unit;
}

declare module 'vitest' {
  interface TaskMeta {
    figures?: Figure[];
  }
}

const sizes: Readonly<Record<Unit, number>> = { MB: 1_000_000, KB: 1_000, objects: 1, s: 1 };

/** Holds what was measured (bytes, a count, or seconds) against its limit, and goes on either way, so that one run shows all that is over. */
export function checkFigure({ task }: TestContext, { what, measured, limit, unit }: Figure): void {
  const inUnits = { measured: measured / sizes[unit], limit: limit / sizes[unit] };
  (task.meta.figures ??= []).push({ what, unit, ...inUnits });
  expect.soft(inUnits.measured, `${what}, in ${unit}`).toBeLessThanOrEqual(inUnits.limit);
}
