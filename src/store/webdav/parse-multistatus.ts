import { Failure } from '../../base/failure.ts';
import { childrenOf, readXml, type XmlElement } from './read-xml.ts';

/** One thing in a WebDAV folder. */
export interface WebdavEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** As the server writes dates; undefined where it was not asked for or is not known. */
  readonly modified: string | undefined;
}

/** The answer to a PROPFIND of one folder: what is in it, and whether it is one itself (undefined: nothing was said about it). */
export interface WebdavFolder {
  readonly self: 'folder' | 'file' | undefined;
  readonly entries: readonly WebdavEntry[];
}

const dav = 'DAV:';

/**
 * Reads a multistatus about the folder (or file) at `path`, an absolute one, at `origin`. What is said about anything that
 * is neither it nor directly in it is passed over: other hosts, other folders, paths that don't decode. Throws
 * E_STORE_BEHAVIOUR for anything but a multistatus.
 */
export function parseMultistatus(bytes: Uint8Array, { origin, path }: { readonly origin: string; readonly path: string }): WebdavFolder {
  const root = readXml(bytes);
  if (root.name !== 'multistatus' || root.namespace !== dav) {
    throw new Failure('E_STORE_BEHAVIOUR', 'the server answers PROPFIND with something else than a multistatus: is it a WebDAV server?');
  }
  const asked = segmentsOf(path, origin) ?? [];
  let self: WebdavFolder['self'];
  const entries = new Map<string, WebdavEntry>();
  for (const response of childrenOf(root, dav, 'response')) {
    const href = childrenOf(response, dav, 'href')[0]?.text ?? '';
    const segments = segmentsOf(href, origin);
    if (segments === undefined || !asked.every((segment, index) => segments[index] === segment)) continue;
    const name = segments[asked.length];
    const isFolder = hasCollection(response);
    if (name === undefined) self = isFolder ? 'folder' : 'file';
    else if (segments.length === asked.length + 1) entries.set(name, { name, isFolder, modified: modifiedOf(response) });
  }
  return { self, entries: [...entries.values()] };
}

/** Decoded; undefined for another host, or what can't be decoded or holds more than names. */
function segmentsOf(href: string, origin: string): readonly string[] | undefined {
  try {
    const url = new URL(href, origin);
    if (url.origin !== origin) return undefined;
    const segments = url.pathname.split('/').filter((segment) => segment !== '');
    const names = segments.map((segment) => decodeURIComponent(segment));
    return names.some((name) => name.includes('/')) ? undefined : names;
  } catch {
    return undefined;
  }
}

function properties(response: XmlElement, name: string): readonly XmlElement[] {
  return childrenOf(response, dav, 'propstat')
    .flatMap((propstat) => childrenOf(propstat, dav, 'prop'))
    .flatMap((prop) => childrenOf(prop, dav, name));
}

function hasCollection(response: XmlElement): boolean {
  return properties(response, 'resourcetype').some((type) => childrenOf(type, dav, 'collection').length > 0);
}

function modifiedOf(response: XmlElement): string | undefined {
  const text = properties(response, 'getlastmodified')[0]?.text ?? '';
  return text === '' ? undefined : text;
}
