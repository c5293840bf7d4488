import { utf8 } from '../../src/base/bytes.ts';
import { type S3Keys, signS3 } from '../../src/store/s3/sign-s3.ts';

export interface NewBucket {
  readonly origin: string;
  readonly bucket: string;
  readonly keys: S3Keys;
  readonly isVersioned?: boolean;
}

const versioned =
  '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';

/** Makes a bucket at an S3 service on this machine. */
export async function makeBucket({ origin, bucket, keys, isVersioned = false }: NewBucket): Promise<void> {
  const put = async (path: string, text: string): Promise<void> => {
    const body = utf8(text);
    const signing = { keys, region: 'us-east-1', host: new URL(origin).host, nowMs: Date.now() };
    const headers = signS3({ method: 'PUT', path, headers: {}, body: [body] }, signing);
    const answer = await fetch(origin + path, { method: 'PUT', headers, body: new Uint8Array(body) });
    if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`);
  };
  await put(`/${bucket}`, '');
  if (isVersioned) await put(`/${bucket}?versioning=`, versioned);
}
