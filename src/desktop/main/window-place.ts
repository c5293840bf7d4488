/** How large windows are, and where they were, so that they open there again; only where a screen still shows them. */
import { z } from 'zod';
import type { WindowName } from '../../control/acts/shell-acts.ts';
import { textSizes, type TextSize } from '../../control/acts/text-sizes.ts';

const whole = z.int().min(-100_000).max(100_000);
const placeShape = { x: whole, y: whole, width: whole.min(100), height: whole.min(100) };
/** `textSize`: of the text that it was made for. */
export const keptPlaceSchema = z.strictObject({ ...placeShape, textSize: z.literal(textSizes).optional() });
export const placesSchema = z.record(z.string().max(32), keptPlaceSchema);
export type KeptPlace = z.output<typeof keptPlaceSchema>;
export type Place = Omit<KeptPlace, 'textSize'>;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** In CSS pixels, with text of the usual size; `least`: below that, it can't be used. */
const windowSizes: Readonly<Record<WindowName, Size & { readonly least: Size }>> = {
  status: { width: 400, height: 620, least: { width: 340, height: 420 } },
  'set-up': { width: 720, height: 640, least: { width: 480, height: 480 } },
  settings: { width: 900, height: 660, least: { width: 560, height: 420 } },
  conflicts: { width: 1000, height: 700, least: { width: 600, height: 420 } },
  history: { width: 1000, height: 700, least: { width: 600, height: 420 } },
};

/** What text of that size needs, as far as the screen has it. */
export function sizeFor(name: WindowName, textSize: TextSize, screen: Size): Size & { readonly least: Size } {
  const { least, ...usual } = windowSizes[name];
  return { ...within(grown(usual, textSize / 100), screen), least: leastFor(least, textSize, screen) };
}

/** Half of the screen stays enough in width, where it is with the usual text: people put two windows beside each other. */
function leastFor(least: Size, textSize: TextSize, screen: Size): Size {
  const { width, height } = grown(least, textSize / 100);
  return within({ width: Math.min(width, Math.max(least.width, Math.floor(screen.width / 2))), height }, screen);
}

interface TextChange {
  readonly was: TextSize;
  readonly is: TextSize;
}

/** Where a window goes when text becomes larger or smaller: around the same middle, and within its screen. */
export function placeAfter(name: WindowName, place: Place, text: TextChange, screen: Place): Place {
  if (text.was === text.is) return place;
  const by = text.is / text.was;
  const usual = sizeFor(name, text.is, screen);
  // The screen may have kept it from growing as much as it would shrink now.
  const sideAfter = (was: number, usually: number): number => Math.max(Math.round(was * by), Math.min(was, usually));
  const { width, height } = within({ width: sideAfter(place.width, usual.width), height: sideAfter(place.height, usual.height) }, screen);
  const x = Math.round(place.x + (place.width - width) / 2);
  const y = Math.round(place.y + (place.height - height) / 2);
  return {
    x: Math.max(screen.x, Math.min(x, screen.x + screen.width - width)),
    y: Math.max(screen.y, Math.min(y, screen.y + screen.height - height)),
    width,
    height,
  };
}

function grown({ width, height }: Size, by: number): Size {
  return { width: Math.round(width * by), height: Math.round(height * by) };
}

function within({ width, height }: Size, screen: Size): Size {
  return { width: Math.min(width, screen.width), height: Math.min(height, screen.height) };
}

/** So much of it has to be on a screen. */
const seenMin = 80;

export function isSeen(place: Place, screens: readonly Place[]): boolean {
  return screens.some((screen) => {
    const across = Math.min(place.x + place.width, screen.x + screen.width) - Math.max(place.x, screen.x);
    const down = Math.min(place.y + place.height, screen.y + screen.height) - Math.max(place.y, screen.y);
    return across >= seenMin && down >= seenMin;
  });
}
