/** Whether tests with real windows can't run here; `npm test` says at its end what was missing. */
export function withoutDesktop(): boolean {
  return (process.env['CACHETTE_NO_DESKTOP'] ?? '') !== '';
}
