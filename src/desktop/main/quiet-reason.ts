/** Whether the desktop lets the agent rest by itself: outside its hours, on a network that costs, on a battery that ends. */
import type { Preferences } from '../../control/acts/shell-acts.ts';

/** At this charge and below, without mains. */
export const lowBatteryPercent = 20;

/** What the system tells; undefined where it does not. */
export interface Surroundings {
  /** Of the day, local time: 0 to 23. */
  readonly hour: number;
  readonly isMetered: boolean | undefined;
  readonly batteryPercent: number | undefined;
  readonly isOnMains: boolean | undefined;
}

export type QuietReason = 'schedule' | 'metered' | 'battery';

/** The first reason that holds; undefined: none. */
export function quietReason(
  preferences: Preferences,
  { hour, isMetered, batteryPercent, isOnMains }: Surroundings,
): QuietReason | undefined {
  if (preferences.schedule !== null && !isWithin(hour, preferences.schedule)) return 'schedule';
  if (preferences.pausesOnMetered && isMetered === true) return 'metered';
  const isLow = isOnMains === false && batteryPercent !== undefined && batteryPercent <= lowBatteryPercent;
  return preferences.pausesOnLowBattery && isLow ? 'battery' : undefined;
}

/** Hours may pass midnight: 22 to 6. */
function isWithin(hour: number, { fromHour, toHour }: { readonly fromHour: number; readonly toHour: number }): boolean {
  if (fromHour === toHour) return true;
  return fromHour < toHour ? hour >= fromHour && hour < toHour : hour >= fromHour || hour < toHour;
}

/** What to ask of the agent. `hasPaused`: it rests because the desktop said so, and not because a person did. */
export function quietStep(
  reason: QuietReason | undefined,
  now: { readonly isPaused: boolean; readonly hasPaused: boolean },
): 'pause' | 'resume' | undefined {
  if (reason !== undefined) return now.isPaused ? undefined : 'pause';
  return now.hasPaused && now.isPaused ? 'resume' : undefined;
}
