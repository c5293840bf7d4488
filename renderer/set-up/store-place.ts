/** From what a person fills in to where the vault is to be, as the agent takes it. */
import type { Picked } from '../../src/control/acts/shell-acts.ts';
import type { Asked } from '../../src/control/acts/window-acts.ts';

export type StorePlace = Asked<'probe-store'>['store'];
export const storeKinds = ['server', 's3', 'webdav', 'folder'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** All that can be filled in, for every kind at once: what was typed stays while a person looks at another kind. */
export interface StoreFields {
  readonly serverUrl: string;
  /** `host:port` of one that was found on this network; '' for none. */
  readonly serverFound: string;
  /** Of that one. */
  readonly serverToken: string;
  readonly endpoint: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly davUrl: string;
  readonly user: string;
  readonly password: string;
  readonly folder: Picked | undefined;
}

export const emptyStoreFields: StoreFields = {
  serverUrl: '',
  serverFound: '',
  serverToken: '',
  endpoint: '',
  bucket: '',
  prefix: '',
  region: '',
  accessKey: '',
  secretKey: '',
  davUrl: '',
  user: '',
  password: '',
  folder: undefined,
};

/** undefined: not enough is filled in to ask anybody. */
export function storePlaceOf(kind: StoreKind, fields: StoreFields): StorePlace | undefined {
  switch (kind) {
    case 'server':
      return serverPlace(fields);
    case 's3':
      return s3Place(fields);
    case 'webdav':
      return davPlace(fields);
    case 'folder':
      return fields.folder === undefined ? undefined : { url: fields.folder.id };
    default:
      return undefined;
  }
}

function serverPlace({ serverUrl, serverFound, serverToken }: StoreFields): StorePlace | undefined {
  if (serverFound !== '') return foundPlace(serverFound, serverToken.trim());
  const url = serverUrl.trim();
  return isWebAddress(url) ? { url } : undefined;
}

/** What `cachette serve` showed: its token, or the whole address with the token in it, which names the store, too. */
function foundPlace(found: string, typed: string): StorePlace | undefined {
  const whole = parseWebAddress(typed);
  // It was meant to be sealed on its way.
  if (whole?.protocol === 'https:') return { url: typed };
  const token = whole === undefined ? encodeURIComponent(typed) : whole.username;
  const store = whole === undefined ? '/vault' : whole.pathname;
  return token === '' ? undefined : { url: `http://${token}@${found}${store}?insecure=1` };
}

function s3Place(fields: StoreFields): StorePlace | undefined {
  const bucket = fields.bucket.trim();
  const accessKey = fields.accessKey.trim();
  const secretKey = fields.secretKey.trim();
  if (bucket === '' || accessKey === '' || secretKey === '') return undefined;
  const base = s3Base(fields.endpoint.trim());
  if (base === undefined) return undefined;
  const path = [bucket, ...fields.prefix.trim().split('/')].filter((part) => part !== '').map(encodeURIComponent);
  const region = fields.region.trim();
  const query = region === '' ? '' : `?region=${encodeURIComponent(region)}`;
  return { url: `${base}${path.join('/')}${query}`, accessKey, secretKey };
}

/** Amazon's own where no endpoint is named; `undefined` for one that is no address. */
function s3Base(endpoint: string): string | undefined {
  if (endpoint === '') return 's3://';
  const url = parseWebAddress(endpoint.includes('://') ? endpoint : `https://${endpoint}`);
  return url === undefined ? undefined : `s3+${url.protocol}//${url.host}/`;
}

function davPlace({ davUrl, user, password }: StoreFields): StorePlace | undefined {
  const text = davUrl.trim();
  const url = parseWebAddress(text.includes('://') ? text : `https://${text}`);
  if (text === '' || url === undefined) return undefined;
  return {
    url: `webdav+${url.protocol}//${url.host}${url.pathname}${url.search}`,
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password }),
  };
}

function isWebAddress(text: string): boolean {
  return parseWebAddress(text) !== undefined;
}

function parseWebAddress(text: string): URL | undefined {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url : undefined;
}
