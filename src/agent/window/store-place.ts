import type { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import type { storePlaceShape } from '../../control/acts/set-up-acts.ts';

/** Where the vault is, as a window says it. */
export type StorePlace = z.output<typeof storePlaceShape>;

/**
 * The place as one store URL with its credentials in it: the form in which a device keeps them, sealed. Throws E_USAGE, with
 * nothing of the credentials.
 */
export function storeUrlOf({ url, accessKey, secretKey, user, password }: StorePlace): string {
  const [name, secret] = [accessKey ?? user ?? '', secretKey ?? password ?? ''];
  if (name === '' && secret === '') return url;
  if (name === '' || secret === '') throw new Failure('E_USAGE', 'one half of the credentials is missing', { action: 'give both' });
  const [, scheme = '', rest = ''] = /^([a-z0-9+]+):\/\/(?:[^/@]*@)?(.*)$/s.exec(url) ?? [];
  const credentials = `${encodeURIComponent(name)}:${encodeURIComponent(secret)}`;
  if (scheme === 's3') return amazonUrl(rest, credentials);
  if (!/^(?:s3|webdav)\+https?$/.test(scheme)) throw new Failure('E_USAGE', 'this kind of store takes no credentials beside its address');
  return `${scheme}://${credentials}@${rest}`;
}

/** Amazon's own name of the region's servers: a URL of only a bucket has no place for keys. */
function amazonUrl(rest: string, credentials: string): string {
  const [region = 'us-east-1'] = /(?<=[?&]region=)[a-z0-9-]{1,64}(?=&|$)/.exec(rest) ?? [];
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const query = rest.includes('?') ? '&' : '?';
  return `s3+https://${credentials}@s3.${region}.${domain}/${rest}${rest.includes('region=') ? '' : `${query}region=${region}`}`;
}
