const maxRetryAfterMs = 10 * 60 * 1000;

/** What a Retry-After header asks for, in milliseconds, within reason. Seconds only: a date would be the server's clock against ours. */
export function retryAfterMs(header: string | undefined): number {
  return /^\d{1,9}$/.test(header ?? '') ? Math.min(Number(header) * 1000, maxRetryAfterMs) : 0;
}
