/** Whom this build takes updates from: written into it when it is made. */
import fs from 'node:fs';
import { z } from 'zod';

const trustShape = z.strictObject({ feed: z.string().nullable(), keys: z.array(z.base64()).max(8) });

export interface UpdateTrust {
  /** With a `/` at its end. */
  readonly feed: string;
  /** 32 bytes each. */
  readonly keys: readonly Uint8Array[];
}

/** undefined where the build has no feed, no key, or anything that is none: then it never asks for updates. */
export function readUpdateTrust(file: string): UpdateTrust | undefined {
  try {
    return toTrust(trustShape.parse(JSON.parse(fs.readFileSync(file, 'utf8'))));
  } catch {
    return undefined;
  }
}

function toTrust({ feed, keys }: z.output<typeof trustShape>): UpdateTrust | undefined {
  const read = keys.map((key) => new Uint8Array(Buffer.from(key, 'base64')));
  if (feed === null || !isFeed(feed) || read.length === 0 || read.some(({ byteLength }) => byteLength !== 32)) return undefined;
  return { feed: feed.endsWith('/') ? feed : `${feed}/`, keys: read };
}

/** Signatures make lies useless, not silence: whoever sits on the way to a feed without TLS could keep it as it is for a while. */
function isFeed(address: string): boolean {
  const url = URL.parse(address);
  if (url?.username !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === '127.0.0.1');
}
