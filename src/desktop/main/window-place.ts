/** Where windows were, so that they open there again; only where a screen still shows them. */
import { z } from 'zod';
import type { WindowName } from '../../control/acts/shell-acts.ts';

const whole = z.int().min(-100_000).max(100_000);
export const placeSchema = z.strictObject({ x: whole, y: whole, width: whole.min(100), height: whole.min(100) });
export type Place = z.output<typeof placeSchema>;
export const placesSchema = z.record(z.string().max(32), placeSchema);

/** In CSS pixels; `least`: below that, it can't be used. */
export const windowSizes: Readonly<
  Record<WindowName, { readonly width: number; readonly height: number; readonly least: readonly [number, number] }>
> = {
  status: { width: 400, height: 620, least: [340, 420] },
  'set-up': { width: 720, height: 640, least: [480, 480] },
  settings: { width: 900, height: 660, least: [560, 420] },
  conflicts: { width: 1000, height: 700, least: [600, 420] },
  history: { width: 1000, height: 700, least: [600, 420] },
};

/** So much of it has to be on a screen. */
const seenMin = 80;

export function isSeen(place: Place, screens: readonly Place[]): boolean {
  return screens.some((screen) => {
    const across = Math.min(place.x + place.width, screen.x + screen.width) - Math.max(place.x, screen.x);
    const down = Math.min(place.y + place.height, screen.y + screen.height) - Math.max(place.y, screen.y);
    return across >= seenMin && down >= seenMin;
  });
}
