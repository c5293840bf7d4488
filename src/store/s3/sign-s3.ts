import { createHash } from 'node:crypto';
import aws4 from 'aws4';

/** What opens a bucket: secret, never shown or logged. */
export interface S3Keys {
  readonly keyId: string;
  readonly secret: string;
  /** Of temporary keys. */
  readonly sessionToken?: string | undefined;
}

export interface S3Signing {
  readonly keys: S3Keys;
  readonly region: string;
  /** Host and port, as the request's Host header says. */
  readonly host: string;
  readonly nowMs: number;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: readonly Uint8Array[] | undefined;
}

/**
 * The headers with a signature (version 4) over method, path, query, headers and body. The body's hash is always signed:
 * a service that looks at it keeps no object that was cut short or damaged on its way.
 */
export function signS3({ method, path, headers, body }: UnsignedRequest, { keys, region, host, nowMs }: S3Signing): Record<string, string> {
  const unsigned = {
    ...headers,
    host,
    'x-amz-content-sha256': sha256(body ?? []),
    'x-amz-date': new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, ''),
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
  };
  const request = aws4.sign(
    { service: 's3', method, path, region, headers: { ...unsigned } },
    { accessKeyId: keys.keyId, secretAccessKey: keys.secret, sessionToken: keys.sessionToken ?? '' },
  );
  return { ...unsigned, authorization: String(request.headers?.['Authorization']) };
}

function sha256(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
