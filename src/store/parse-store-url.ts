import type { StoreLocation } from './store-address.ts';

import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../base/failure.ts';
import { isLoopback } from './http/is-loopback.ts';

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
  // A URL that is parsed loses these without a word, and names another place.
  if (/[\u0000-\u001f\u007f]|\s$/.test(text))
    throw usage('a store URL has no line breaks, tabs or the like in it, nor a space at its end (in a path: %0A, %20)');
  const [, scheme = '', rest = ''] = /^([a-z0-9+]+):\/\/(.*)$/is.exec(text) ?? [];
  const kind = scheme.toLowerCase();
  switch (kind) {
    case 'file':
      return folderLocation(text);
    case 'http':
    case 'https':
      return serverLocation(parseHttp(kind, rest));
    case 's3':
      return amazonLocation(rest);
    case 's3+http':
    case 's3+https':
      return s3Location(parseHttp(kind.slice('s3+'.length), rest));
    case 'webdav+http':
    case 'webdav+https':
      return webdavLocation(parseHttp(kind.slice('webdav+'.length), rest));
    default:
      throw usage(`not a store URL; one looks like ${forms}`);
  }
}

function folderLocation(text: string): StoreLocation {
  let path: string;
  try {
    path = fileURLToPath(text);
  } catch {
    throw usage('a folder is written file:///absolute/path, without a host, and without %2F in a name');
  }
  if (path.includes('\0')) throw usage('no name of a folder has %00 in it');
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
  checkQuery(url, ['insecure', 'region', 'style']);
  const [bucket = '', ...prefix] = pathParts(url);
  if (!bucketName.test(bucket)) throw usage(`after ${url.host} stands a bucket's name`);
  const [keyId, secret] = [decoded(url.username), decoded(url.password)];
  if ((keyId === '') !== (secret === '')) throw usage(`KEY:SECRET stands before ${url.host}`);
  return {
    address: { kind: 's3', origin: url.origin, bucket, prefix: keyPrefix(prefix), region: region(url), style: style(url) },
    credentials: keyId === '' ? undefined : { kind: 'key-pair', keyId, secret },
  };
}

function amazonLocation(rest: string): StoreLocation {
  // By hand: to a URL a host of digits is an address.
  const [bucket] = /^[\w.-]{1,255}(?=[/?#]|$)/.exec(rest) ?? [];
  if (bucket === undefined)
    throw usage(
      /^[/?#]|^$/.test(rest)
        ? 'the bucket is missing; such a URL looks like s3://bucket/prefix?region=R'
        : 's3://bucket takes its keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and no port',
    );
  const url = parseHttp('https', `amazonaws.com${rest.slice(bucket.length)}`);
  checkQuery(url, ['region', 'style']);
  return {
    address: { kind: 's3', origin: undefined, bucket, prefix: keyPrefix(pathParts(url)), region: region(url), style: style(url) },
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

/** Short enough that names still fit behind it (a key has 1,024 bytes), and without what no listing could show. */
function keyPrefix(parts: readonly string[]): string {
  const prefix = parts.join('/');
  if (Buffer.byteLength(prefix) > 512 || /[\0-\x1f\x7f]/.test(prefix))
    throw usage('a prefix is at most 512 bytes, without control characters');
  return prefix;
}

function region(url: URL): string | undefined {
  const found = url.searchParams.get('region') ?? undefined;
  if (found !== undefined && !/^[a-z0-9-]{1,64}$/.test(found)) throw usage('a region is lower-case letters, digits and hyphens');
  return found;
}

function style(url: URL): 'path' | 'host' | undefined {
  const found = url.searchParams.get('style') ?? undefined;
  if (found !== undefined && found !== 'path' && found !== 'host') throw usage('style says where the bucket stands: path or host');
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
