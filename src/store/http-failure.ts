import { Failure } from '../base/failure.ts';
import { StoreOffline } from './store-offline.ts';

/** What an error of the HTTP client means; `wasSent` says whether the server may have acted on the request. */
export interface HttpTrouble {
  readonly failure: Failure;
  readonly wasSent: boolean;
}

/** Before these are over, no request has left. */
const connectErrors = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'ERR_PROXY_TUNNEL',
]);
/** Of these, what never left this computer. */
const offlineErrors = new Set(['ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL']);
const connectPhases = new Set(['lookup', 'connect', 'secureConnect']);
const isTlsError = /CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO|UNABLE_TO|HOSTNAME_MISMATCH/;

/** Never carries the client's error on: it holds the request with its authorization. */
export function toHttpTrouble(error: unknown, host: string): HttpTrouble {
  if (error instanceof Failure) return { failure: error, wasSent: true };
  const code = textField(error, 'code') ?? 'unknown error';
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { failure: new Failure('E_LIMIT', `${host} sent larger headers than allowed`, { subject: host }), wasSent: true };
  }
  if (isTlsError.test(code)) {
    const failure = new Failure('E_STORE_UNREACHABLE', `no trustworthy connection to ${host} (${code})`, {
      subject: host,
      action: 'check the address, the certificate and the clock of this computer; certificates that do not verify are never accepted',
    });
    return { failure, wasSent: false };
  }
  const wasSent = !connectErrors.has(code) && !connectPhases.has(textField(error, 'event') ?? '');
  if (offlineErrors.has(code)) return { failure: new StoreOffline(`${host} could not be reached (${code})`, host), wasSent };
  const what = code === 'ETIMEDOUT' ? 'did not answer in time' : `could not be reached (${code})`;
  return { failure: new Failure('E_STORE_UNREACHABLE', `${host} ${what}`, { subject: host }), wasSent };
}

function textField(error: unknown, field: 'code' | 'event'): string | undefined {
  if (typeof error !== 'object' || error === null || !(field in error)) return undefined;
  const value = (error as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
}
