import type { S3Address } from '../store-address.ts';

import { Failure } from '../../base/failure.ts';

/** Where a bucket's objects are, once region and style are decided. */
export interface S3Place {
  /** `https://host:port`: of the bucket itself in host style. */
  readonly origin: string;
  /** What stands before every key in a path: `/bucket` or nothing. Encoded. */
  readonly bucketPath: string;
  readonly bucket: string;
  /** What stands before every name in a key: empty, or ends in '/'. */
  readonly keyPrefix: string;
  /** What requests are signed for. */
  readonly region: string;
}

/** What services that are not Amazon's take where nothing else was said. */
const defaultRegion = 'us-east-1';

/** Services that refuse the bucket in the path. All others that are not Amazon's take it, and not all take it in the host. */
const hostStyleOnly = /(?:^|\.)(?:aliyuncs\.com|myqcloud\.com)$/;
const amazon = /(?:^|\.)amazonaws\.com(?:\.cn)?$/;
/** One label of a host name: only then does a certificate for `*.host` cover it. */
const isOneLabel = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Decides what the address leaves open. Throws E_USAGE for a region that can't be one. */
export function placeS3(address: S3Address): S3Place {
  const region = address.region ?? defaultRegion;
  if (!/^[a-z0-9-]{1,64}$/.test(region)) throw new Failure('E_USAGE', 'a region is lower-case letters, digits and hyphens');
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const service = new URL(address.origin ?? `https://s3.${region}.${domain}`);
  const isHostStyle = address.style === undefined ? prefersHost(service, address.bucket) : address.style === 'host';
  const { bucket } = address;
  return {
    origin: isHostStyle ? `${service.protocol}//${bucket}.${service.host}` : service.origin,
    bucketPath: isHostStyle ? '' : `/${encodeKey(bucket)}`,
    bucket,
    keyPrefix: address.prefix === '' ? '' : `${address.prefix}/`,
    region,
  };
}

/** The path of a key, as it is signed and asked for. */
export function keyPath(place: S3Place, name: string): string {
  return `${place.bucketPath}/${encodeKey(place.keyPrefix + name)}`;
}

/** The path of the bucket itself; without a '/' behind it, over which not all services sign. */
export function bucketPath(place: S3Place): string {
  return place.bucketPath === '' ? '/' : place.bucketPath;
}

function prefersHost({ hostname }: URL, bucket: string): boolean {
  return (amazon.test(hostname) && isOneLabel.test(bucket)) || hostStyleOnly.test(hostname);
}

/** All but the unreserved characters of RFC 3986, as signatures are made over it; '/' stays. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
