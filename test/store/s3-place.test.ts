import { describe, expect, test } from 'vitest';

import { parseStoreUrl } from '../../src/store/parse-store-url.ts';
import { bucketPath, keyPath, placeS3, type S3Place } from '../../src/store/s3/s3-place.ts';

function placeOf(url: string): S3Place {
  const { address } = parseStoreUrl(url);
  if (address.kind !== 's3') throw new Error('not S3');
  return placeS3(address);
}
const whereIs = (url: string): string => placeOf(url).origin + keyPath(placeOf(url), 'packs/ab/cd');

describe('the place of a bucket', () => {
  test.for([
    ['s3://bucket', 'https://bucket.s3.us-east-1.amazonaws.com/packs/ab/cd'],
    ['s3://bucket/a/b?region=eu-west-3', 'https://bucket.s3.eu-west-3.amazonaws.com/a/b/packs/ab/cd'],
    ['s3://bucket?region=cn-north-1', 'https://bucket.s3.cn-north-1.amazonaws.com.cn/packs/ab/cd'],
    // A certificate for *.s3.… does not cover it.
    ['s3://my.bucket', 'https://s3.us-east-1.amazonaws.com/my.bucket/packs/ab/cd'],
    ['s3://Old_Bucket', 'https://s3.us-east-1.amazonaws.com/Old_Bucket/packs/ab/cd'],
    ['s3://bucket?style=path', 'https://s3.us-east-1.amazonaws.com/bucket/packs/ab/cd'],
    ['s3+https://K:S@minio.example:9000/bucket', 'https://minio.example:9000/bucket/packs/ab/cd'],
    ['s3+https://K:S@minio.example:9000/bucket?style=host', 'https://bucket.minio.example:9000/packs/ab/cd'],
    ['s3+https://K:S@oss-eu-1.aliyuncs.com/bucket', 'https://bucket.oss-eu-1.aliyuncs.com/packs/ab/cd'],
    ['s3+https://K:S@host/bucket/My%20%2B%C3%A9(%27)*!/x', 'https://host/bucket/My%20%2B%C3%A9%28%27%29%2A%21/x/packs/ab/cd'],
  ])('%s is %s', ([url, where]) => {
    expect(whereIs(url!)).toBe(where);
  });

  test('the bucket itself has a path without a slash behind it', () => {
    expect(bucketPath(placeOf('s3+https://K:S@host/bucket/prefix'))).toBe('/bucket');
    expect(bucketPath(placeOf('s3://bucket/prefix'))).toBe('/');
  });

  test('a region that could lead to another host is refused', () => {
    for (const region of ['a/b', 'a.b', '', 'A', '@x']) {
      const place = { kind: 's3', origin: undefined, bucket: 'bucket', prefix: '', region } as const;
      expect(() => placeS3(place)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    }
  });
});
