/** A device that is on tells of itself every day. */
const silentDays = 7;
const dayMs = 24 * 60 * 60_000;

/** What a person should wonder about: a device that is switched off, or a store that keeps its news back. Empty where there is nothing. */
export function silence(lastSeen: string | null, nowMs: number): string {
  const days = Math.floor((nowMs - Date.parse(lastSeen ?? '')) / dayMs);
  return days >= silentDays ? `; nothing heard of it for ${days} days` : '';
}
