import { compareBytes, utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { readXml, type XmlElement } from '../webdav/read-xml.ts';

/** What was asked for: an answer must fit it. */
export interface S3ListQuestion {
  /** What all keys begin with. */
  readonly prefix: string;
  /** The key after which the page begins; empty: at the first. */
  readonly after: string;
  readonly maxKeys: number;
}

export interface S3Page {
  /** In byte order. */
  readonly keys: readonly string[];
  readonly more: boolean;
}

/** What a service tells of each key, at most: Amazon's does with less than twenty elements. */
const elementsPerKey = 40;

/**
 * One page of ListObjectsV2. Throws E_STORE_BEHAVIOUR for anything but new keys that were asked for, in order where more
 * are to come: a page that repeats, or promises more without giving any, would go on for ever.
 */
export function parseS3Listing(bytes: Uint8Array, { prefix, after, maxKeys }: S3ListQuestion): S3Page {
  const root = readXml(bytes, (maxKeys + 1) * elementsPerKey);
  const isTruncated = textOf(root, 'IsTruncated') ?? '';
  if (root.name !== 'ListBucketResult' || !/^(?:true|false)$/i.test(isTruncated)) throw misbehaved('a listing of another shape');
  const isEncoded = textOf(root, 'EncodingType') === 'url';
  const keys = childrenOf(root, 'Contents').map((entry) => decodeKey(textOf(entry, 'Key') ?? '', isEncoded));
  const more = isTruncated.toLowerCase() === 'true';
  if (keys.length > maxKeys) throw misbehaved('more names than asked for');
  if (more && keys.length === 0) throw misbehaved('pages without an end');
  // The last page may come in any order (s3rver): there is nothing to go on from.
  const sorted = more ? keys : keys.toSorted(compareKeys);
  let previous = after;
  for (const key of sorted) {
    if (!key.startsWith(prefix)) throw misbehaved('names that were not asked for');
    if (previous !== '' && compareKeys(key, previous) <= 0) throw misbehaved('names twice or out of order');
    previous = key;
  }
  return { keys: sorted, more };
}

function compareKeys(a: string, b: string): number {
  return compareBytes(utf8(a), utf8(b));
}

/** Services write the same elements in different namespaces, or in none. */
function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text;
}

function decodeKey(text: string, isEncoded: boolean): string {
  if (!isEncoded) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    throw misbehaved('names that are not what it says they are');
  }
}

function misbehaved(what: string): Failure {
  return new Failure('E_STORE_BEHAVIOUR', `the server gives ${what}`);
}
