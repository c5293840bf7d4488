import { Failure } from '../../base/failure.ts';
import { StoreOffline } from '../store-offline.ts';

/** What an error of the HTTP client means; `wasSent` says whether the server may have acted on the request. */
export interface HttpTrouble {
  readonly failure: Failure;
  readonly wasSent: boolean;
}

/** Whom was asked, and through whom. */
export interface HttpWay {
  readonly host: string;
  readonly proxyHost: string | undefined;
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
export function toHttpTrouble(error: unknown, way: HttpWay): HttpTrouble {
  if (error instanceof Failure) return { failure: error, wasSent: true };
  const { host } = way;
  const code = textField(error, 'code') ?? 'unknown error';
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { failure: new Failure('E_LIMIT', `${host} sent larger headers than allowed`, { subject: host }), wasSent: true };
  }
  if (isTlsError.test(code)) return { failure: untrustworthy(host, code), wasSent: false };
  if (code === 'ERR_PROXY_TUNNEL') return { failure: noTunnel(error, way), wasSent: false };
  const wasSent = !connectErrors.has(code) && !connectPhases.has(textField(error, 'event') ?? '');
  const through = way.proxyHost === undefined ? '' : ` through the proxy ${way.proxyHost}`;
  if (offlineErrors.has(code)) return { failure: new StoreOffline(`${host} could not be reached (${code})${through}`, host), wasSent };
  const what = code === 'ETIMEDOUT' ? 'did not answer in time' : `could not be reached (${code})`;
  return { failure: new Failure('E_STORE_UNREACHABLE', `${host} ${what}${through}`, { subject: host }), wasSent };
}

/** Nobody said no, and nobody said anything else either. */
export function noConnection({ host, proxyHost }: HttpWay): Failure {
  const through = proxyHost === undefined ? '' : ` through the proxy ${proxyHost}`;
  return new Failure('E_STORE_UNREACHABLE', `${host} could not be reached in time${through}`, { subject: host });
}

/** A proxy that answers 407. */
export function proxyRefuses(proxyHost: string): Failure {
  return new Failure('E_STORE_UNREACHABLE', `the proxy ${proxyHost} lets nobody through without the right user and password`, {
    subject: proxyHost,
    action: 'put them into HTTPS_PROXY or HTTP_PROXY (http://user:password@host:port); the setting proxy holds none',
  });
}

/** The client tells the status that the proxy gave only in its words. */
function noTunnel(error: unknown, { host, proxyHost = 'on the way' }: HttpWay): Failure {
  const [, status] = /: HTTP\/1\.\d (\d{3})\b/.exec(textField(error, 'message') ?? '') ?? [];
  if (status === '407') return proxyRefuses(proxyHost);
  const answer = status === undefined ? '' : ` (${status})`;
  return new Failure('E_STORE_UNREACHABLE', `the proxy ${proxyHost} makes no connection to ${host}${answer}`, { subject: host });
}

function untrustworthy(host: string, code: string): Failure {
  const { what, action } = tlsWords.find(({ codes }) => codes.test(code)) ?? otherTls;
  return new Failure('E_STORE_UNREACHABLE', `no trustworthy connection to ${host}: ${what} (${code})`, { subject: host, action });
}

const ownAuthority =
  "if it is your own, or your organisation's: `cachette config set store.ca FILE` (`init` and `join`: --config store.ca=FILE) with its PEM file";
const otherTls = {
  what: 'its certificate does not verify',
  action: 'check the address, the certificate and the clock of this computer; certificates that do not verify are never accepted',
};
const tlsWords: readonly { readonly codes: RegExp; readonly what: string; readonly action: string }[] = [
  {
    codes: /CERT_HAS_EXPIRED/,
    what: 'its certificate has expired',
    action: 'whoever runs it renews it; or the clock of this computer is wrong',
  },
  { codes: /CERT_NOT_YET_VALID/, what: 'its certificate is not valid yet', action: 'check the clock of this computer' },
  { codes: /ALTNAME|HOSTNAME_MISMATCH/, what: 'its certificate is for another name', action: 'use the name that the certificate is for' },
  { codes: /DEPTH_ZERO_SELF_SIGNED/, what: 'nobody vouches for its certificate but itself', action: ownAuthority },
  {
    codes: /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/,
    what: 'this computer does not know the authority that signed its certificate',
    action: ownAuthority,
  },
  { codes: /EPROTO|ERR_SSL/, what: 'it speaks no TLS, or none that is safe', action: 'check address and port; TLS 1.2 or newer is needed' },
];

function textField(error: unknown, field: 'code' | 'event' | 'message'): string | undefined {
  if (typeof error !== 'object' || error === null || !(field in error)) return undefined;
  const value = (error as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
}
