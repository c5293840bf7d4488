import type { StoreLocation } from './store-address.ts';

import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../base/failure.ts';

const forms =
  'file:///path, https://TOKEN@host:port/name, s3+https://KEY:SECRET@host/bucket/prefix, s3://bucket/prefix or webdav+https://user:password@host/path';
const storeName = /^[a-z0-9-]{1,64}$/;
const bearerToken = /^[\w~.-]{1,256}$/;
const bucketName = /^[A-Za-z0-9._-]{1,255}$/;

/**
 * Reads a store URL in any form of the command line. Throws E_USAGE with one line that repeats nothing of the URL but its
 * scheme and host: the rest may be secret.
 */
export function parseStoreUrl(text: string): StoreLocation {
  const [, scheme = '', rest = ''] = /^([a-z0-9+]+):\/\/(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'file':
      return folderLocation(text);
    case 'http':
    case 'https':
      return serverLocation(parseHttp(scheme, rest));
    case 's3':
      return amazonLocation(parseHttp('https', rest));
    case 's3+http':
    case 's3+https':
      return s3Location(parseHttp(scheme.slice('s3+'.length), rest));
    case 'webdav+http':
    case 'webdav+https':
      return webdavLocation(parseHttp(scheme.slice('webdav+'.length), rest));
    default:
      throw usage(`not a store URL; one looks like ${forms}`);
  }
}

function folderLocation(text: string): StoreLocation {
  let path: string;
  try {
    path = fileURLToPath(text);
  } catch {
    throw usage('a folder is written file:///absolute/path, without a host');
  }
  if (/[?#]/.test(text) || !isAbsolute(path)) throw usage('a folder is written file:///absolute/path; ? and # in it as %3F and %23');
  return { address: { kind: 'folder', path }, credentials: undefined };
}

function serverLocation(url: URL): StoreLocation {
  checkQuery(url, ['insecure']);
  const name = decoded(url.pathname.replace(/^\//, '').replace(/\/$/, ''));
  const token = decoded(url.username);
  if (!storeName.test(name)) throw usage(`after ${url.host} stands the store's name: lower-case letters, digits and '-'`);
  if (!bearerToken.test(token) || url.password !== '')
    throw usage(`the server's token stands before ${url.host}, as in https://TOKEN@${url.host}/name`);
  return { address: { kind: 'server', origin: url.origin, name }, credentials: { kind: 'token', token } };
}

function s3Location(url: URL): StoreLocation {
  checkQuery(url, ['insecure', 'region']);
  const [bucket = '', ...prefix] = pathParts(url);
  if (!bucketName.test(bucket)) throw usage(`after ${url.host} stands a bucket's name`);
  const [keyId, secret] = [decoded(url.username), decoded(url.password)];
  if ((keyId === '') !== (secret === '')) throw usage(`KEY:SECRET stands before ${url.host}`);
  return {
    address: { kind: 's3', origin: url.origin, bucket, prefix: prefix.join('/'), region: region(url) },
    credentials: keyId === '' ? undefined : { kind: 'key-pair', keyId, secret },
  };
}

function amazonLocation(url: URL): StoreLocation {
  checkQuery(url, ['region']);
  if (url.username !== '' || url.port !== '')
    throw usage('s3://bucket takes its keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and no port');
  return {
    address: { kind: 's3', origin: undefined, bucket: url.hostname, prefix: pathParts(url).join('/'), region: region(url) },
    credentials: undefined,
  };
}

function webdavLocation(url: URL): StoreLocation {
  checkQuery(url, ['insecure']);
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user.includes(':')) throw usage(`a user's name at ${url.host} can't hold a ':'`);
  pathParts(url); // throws where it can't be decoded
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  return {
    address: { kind: 'webdav', origin: url.origin, path },
    credentials: user === '' ? undefined : { kind: 'password', user, password },
  };
}

/** Every form but file: an http URL behind its own scheme. Plain HTTP only to this machine, or by an explicit flag. */
function parseHttp(scheme: string, rest: string): URL {
  let url: URL;
  try {
    url = new URL(`${scheme}://${rest}`);
  } catch {
    throw usage(`not a complete store URL (a '/' in a password is written %2F); one looks like ${forms}`);
  }
  if (url.pathname.includes('@')) throw usage(`not a store URL: '/' in a password is written %2F, '@' in a path %40`);
  if (url.hash !== '') throw usage(`a store URL has no '#' (in a password it is written %23)`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && url.searchParams.get('insecure') !== '1') {
    throw usage(`plain http would show the credentials to everyone on the way to ${url.host}: use https, or add ?insecure=1`);
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function checkQuery(url: URL, allowed: readonly string[]): void {
  for (const key of url.searchParams.keys()) {
    if (!allowed.includes(key)) throw usage(`a store URL at ${url.host} takes only ${allowed.map((name) => `?${name}=`).join(' and ')}`);
  }
  const insecure = url.searchParams.get('insecure');
  if (insecure !== null && insecure !== '1') throw usage('insecure can only be 1');
}

function pathParts(url: URL): string[] {
  return url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

function region(url: URL): string | undefined {
  const found = url.searchParams.get('region') ?? undefined;
  if (found !== undefined && !/^[a-z0-9-]{1,64}$/.test(found)) throw usage('a region is lower-case letters, digits and hyphens');
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw usage(`'%' in a store URL is followed by two hexadecimal digits ('%' itself is %25)`);
  }
}

/** Never with the cause: the error of a URL that can't be parsed holds the URL. */
function usage(message: string): Failure {
  return new Failure('E_USAGE', message);
}
