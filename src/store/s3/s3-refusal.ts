import type { HttpAnswer } from '../http/http-connection.ts';

import { Failure } from '../../base/failure.ts';
import { readXml } from '../webdav/read-xml.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { StoreBusy } from '../store-busy.ts';

/** What an S3 service says besides the status of a refusal: from a stranger, so of it only what has the form of a word. */
export interface S3Error {
  /** Such as `NoSuchKey`; empty where it says nothing. */
  readonly code: string;
  /** The region that would have been right. */
  readonly region: string | undefined;
}

/** Whom was asked, for the words of a failure. */
export interface S3Subject {
  readonly host: string;
  readonly bucket: string;
  readonly region: string;
  readonly nowMs: number;
}

/** The error document of an answer. */
export function readS3Error({ headers, bytes }: Pick<HttpAnswer, 'headers' | 'bytes'>): S3Error {
  const fields = errorFields(bytes);
  const region = fields.get('Region') ?? headers['x-amz-bucket-region'];
  return {
    code: word(fields.get('Code'), /^[A-Za-z0-9.]{1,64}$/) ?? '',
    region: word(typeof region === 'string' ? region : undefined, /^[a-z0-9-]{1,64}$/),
  };
}

const errorElementsMax = 100;

function errorFields(bytes: Uint8Array): ReadonlyMap<string, string> {
  if (bytes.byteLength === 0) return new Map();
  try {
    const root = readXml(bytes, errorElementsMax);
    return new Map(root.name === 'Error' ? root.children.map(({ name, text }) => [name, text]) : []);
  } catch {
    return new Map();
  }
}

function word(text: string | undefined, form: RegExp): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined;
}

const wrongRegion = /^(?:AuthorizationHeaderMalformed|IllegalLocationConstraintException|InvalidRegion)$/;

interface Refusal {
  readonly codes: RegExp;
  readonly failure: (subject: S3Subject, answer: HttpAnswer) => Failure;
}

/**
 * By code, whatever the status: services agree on codes more than on statuses. Only codes of what surely was not done: a
 * put that got one of them did not happen.
 */
const refusals: readonly Refusal[] = [
  {
    codes: wrongRegion,
    failure: ({ host, region }) =>
      denied(host, `takes no signatures for the region ${region}`, 'put the right ?region= into the store URL'),
  },
  {
    codes: /^RequestTimeTooSkewed$/,
    failure: ({ host, nowMs }, { headers }) =>
      new Failure('E_STORE_DENIED', `${host} refuses what this computer signs: its clock is ${skew(headers.date, nowMs)}`, {
        subject: host,
        action: 'set the clock of this computer; the next run goes on where this one stopped',
      }),
  },
  {
    codes: /^(?:SlowDown|RequestLimitExceeded|Throttling|ThrottlingException|TooManyRequests)$/,
    failure: ({ host }, { headers }) => new StoreBusy(`${host} asks to come back later`, retryAfterMs(headers['retry-after'])),
  },
  {
    codes: /^(?:QuotaExceeded|StorageQuotaExceeded|InsufficientStorage|InsufficientCapacity|StorageFull|XMinioStorageFull|CapExceeded)$/,
    failure: ({ host, bucket }) => new Failure('E_STORE_FULL', `${host} has no more room for the bucket ${bucket}`, { subject: host }),
  },
  {
    codes: /^NoSuchBucket$/,
    failure: ({ host, bucket }) =>
      new Failure('E_STORE_DENIED', `there is no bucket ${bucket} at ${host}`, {
        subject: host,
        action: 'create the bucket, or check its name',
      }),
  },
  {
    codes: /^(?:InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException)$/,
    failure: ({ host }) => denied(host, 'does not know this access key', 'check the key id and whether the key is still active'),
  },
  {
    codes: /^SignatureDoesNotMatch$/,
    failure: ({ host }) =>
      denied(host, 'finds that key and secret do not belong together', "check the secret ('/' in it is written %2F in a URL, '+' %2B)"),
  },
  {
    codes: /^(?:ExpiredToken|ExpiredTokenException|TokenRefreshRequired|InvalidToken)$/,
    failure: ({ host }) =>
      denied(host, 'no longer takes these temporary keys', 'get new ones (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)'),
  },
  {
    codes: /^InvalidObjectState$/,
    failure: ({ host, bucket }) =>
      denied(
        host,
        `has moved objects of ${bucket} to an archive`,
        'bring them back, and let no lifecycle rule archive or expire what is in the vault',
      ),
  },
  {
    codes: /^(?:SecondLevelDomainForbidden|PathStyleDomainForbidden|PathStyleRequestsNotSupported)$/,
    failure: ({ host }) => denied(host, 'wants the bucket in its host name', 'add ?style=host to the store URL'),
  },
  {
    codes: /^(?:EntityTooLarge|MaxMessageLengthExceeded)$/,
    failure: ({ host }) => tooLarge(host),
  },
  {
    codes: /^(?:RequestTimeout|BadDigest|XAmzContentSHA256Mismatch|IncompleteBody)$/,
    failure: ({ host }) => new Failure('E_STORE_UNREACHABLE', `${host} did not get the request whole`, { subject: host }),
  },
];

/** What a refusal means; undefined where its status and code say nothing that holds for every verb. */
export function toS3Failure(answer: HttpAnswer, error: S3Error, subject: S3Subject): Failure | undefined {
  const { host, bucket, region } = subject;
  if (error.region !== undefined && error.region !== region && wrongRegion.test(error.code)) {
    return denied(host, `keeps ${bucket} in the region ${error.region}, not in ${region}`, `add ?region=${error.region} to the store URL`);
  }
  const known = refusals.find(({ codes }) => codes.test(error.code));
  if (known !== undefined) return known.failure(subject, answer);
  return byStatus(answer, error, subject);
}

function byStatus({ status, headers }: HttpAnswer, { code }: S3Error, { host, bucket }: S3Subject): Failure | undefined {
  if (status === 401 || status === 403) {
    const what = `does not let this key do that in the bucket ${bucket}${code === '' ? '' : ` (${code})`}`;
    return denied(host, what, 'give the key the rights to list the bucket, and to get, put and delete its objects');
  }
  if (status === 413) return tooLarge(host);
  if (status === 507) return new Failure('E_STORE_FULL', `${host} has no more room for the bucket ${bucket}`, { subject: host });
  if (status === 429) return new StoreBusy(`${host} asks to come back later`, retryAfterMs(headers['retry-after']));
  return undefined;
}

/** A redirect of S3 is a bucket that is elsewhere. */
export function toS3Redirect(failure: Failure, error: S3Error, { host, bucket, region }: S3Subject): Failure {
  if (error.region === undefined || error.region === region) return failure;
  return new Failure('E_STORE_REDIRECT', `${host} keeps ${bucket} in the region ${error.region}, not in ${region}`, {
    subject: host,
    action: `add ?region=${error.region} to the store URL`,
  });
}

function denied(host: string, what: string, action: string): Failure {
  return new Failure('E_STORE_DENIED', `${host} ${what}`, { subject: host, action });
}

function tooLarge(host: string): Failure {
  return new Failure('E_LIMIT', `${host} refuses an object of this size`, {
    subject: host,
    action: 'let the server, and any proxy before it, take requests of 32 MiB',
  });
}

/** Its clock is only repeated as a difference. */
function skew(date: string | undefined, nowMs: number): string {
  const aheadMs = nowMs - Date.parse(date ?? '');
  if (!Number.isFinite(aheadMs)) return 'wrong';
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const amount =
    minutes < 120 ? `${minutes} minutes` : minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
  return `${amount} ${aheadMs < 0 ? 'behind' : 'ahead of'} the server's`;
}
