import { describe, expect, test } from 'vitest';

import { Failure } from '../../src/base/failure.ts';
import { parseStoreUrl } from '../../src/store/parse-store-url.ts';
import { redactUrl } from '../../src/store/redact-url.ts';

describe('store URLs that are read', () => {
  test('a folder', () => {
    expect(parseStoreUrl('file:///mnt/disk/My%20vault')).toEqual({
      address: { kind: 'folder', path: '/mnt/disk/My vault' },
      credentials: undefined,
    });
  });

  test('our own server, on this machine or behind TLS', () => {
    expect(parseStoreUrl('http://t0k-en_.~@127.0.0.1:8080/vault')).toEqual({
      address: { kind: 'server', origin: 'http://127.0.0.1:8080', name: 'vault' },
      credentials: { kind: 'token', token: 't0k-en_.~' },
    });
    expect(parseStoreUrl('HTTPS://abc@Store.example/photos')).toEqual(parseStoreUrl('https://abc@store.example/photos'));
    expect(parseStoreUrl('https://abc@store.example/photos/').address).toEqual({
      kind: 'server',
      origin: 'https://store.example',
      name: 'photos',
    });
  });

  test('plain http to another machine only by an explicit flag', () => {
    for (const host of ['192.168.1.5', 'store.example', 'localhost.example', '127.0.0.1.example']) {
      expect(() => parseStoreUrl(`http://abc@${host}/vault`)).toThrow('plain http');
      expect(parseStoreUrl(`http://abc@${host}/vault?insecure=1`).address).toMatchObject({ origin: `http://${host}` });
    }
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
      expect(parseStoreUrl(`http://abc@${host}/v`).address).toBeDefined();
    expect(() => parseStoreUrl('s3+http://K:S@10.0.0.1/bucket')).toThrow('plain http');
    expect(() => parseStoreUrl('webdav+http://u:p@10.0.0.1/dav')).toThrow('plain http');
  });

  test('S3 with keys in it, and Amazon with keys from the environment', () => {
    expect(parseStoreUrl('s3+http://KEY:SE%2FCR%2BET@127.0.0.1:9000/bucket/some/prefix?region=eu-1')).toEqual({
      address: { kind: 's3', origin: 'http://127.0.0.1:9000', bucket: 'bucket', prefix: 'some/prefix', region: 'eu-1' },
      credentials: { kind: 'key-pair', keyId: 'KEY', secret: 'SE/CR+ET' },
    });
    expect(parseStoreUrl('s3://my-bucket/backup?region=eu-central-1')).toEqual({
      address: { kind: 's3', origin: undefined, bucket: 'my-bucket', prefix: 'backup', region: 'eu-central-1' },
      credentials: undefined,
    });
    expect(parseStoreUrl('s3://my-bucket').address).toMatchObject({ bucket: 'my-bucket', prefix: '', region: undefined });
    // To a URL the second were an address, 0.48.57.
    for (const bucket of ['My_Bucket.x', '12345'])
      expect(parseStoreUrl(`s3://${bucket}/a?style=path`).address).toMatchObject({ bucket, style: 'path' });
    expect(parseStoreUrl('s3+https://K:S@host/bucket?style=host').address).toMatchObject({ style: 'host' });
  });

  test('WebDAV', () => {
    expect(parseStoreUrl('webdav+https://user%40home:p%3Aw@dav.example/remote.php/dav')).toEqual({
      address: { kind: 'webdav', origin: 'https://dav.example', path: '/remote.php/dav/' },
      credentials: { kind: 'password', user: 'user@home', password: 'p:w' },
    });
  });
});

describe('store URLs that are refused', () => {
  const secret = 'S3cretS3cret';
  const refused = [
    '',
    'vault',
    '/mnt/disk',
    'ftp://host/vault',
    'file://host/share',
    'file://relative',
    'file:///a?b',
    'file:///a%00b',
    `https://${secret}@host`,
    `https://${secret}@host/a/b`,
    `https://${secret}@host/Vault`,
    'https://host/vault',
    `https://user:${secret}@host/vault`,
    `https://${secret}@host/vault?token=${secret}`,
    `https://${secret}@host/vault#${secret}`,
    `https://${secret}@host/vault?insecure=yes`,
    `https://${secret}%zz@host/vault`,
    `https://${secret}@host:99999/vault`,
    `s3+https://KEY:${secret}@host`,
    `s3+https://${secret}@host/bucket`,
    `s3+https://KEY:1/${secret}@host/bucket`,
    `s3+https://KEY:12/34${secret}@host/bucket`,
    `s3://KEY:${secret}@bucket/prefix`,
    `s3+https://KEY:${secret}@host/bucket?region=A!`,
    `s3+https://KEY:${secret}@host/bucket?style=other`,
    `s3+https://KEY:${secret}@host/bucket/a%00b`,
    `s3+https://KEY:${secret}@host/bucket/${'x'.repeat(600)}`,
    `s3://bucket:1/${secret}`,
    `s3:///${secret}`,
    `webdav+https://user:${secret}/x@host/dav`,
    `webdav+https://us%3Aer:${secret}@host/dav`,
    `webdav+https://user:${secret}@host/d%zzv`,
  ];
  test.for(refused)('%s', (text) => {
    let failure: unknown;
    try {
      parseStoreUrl(text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(Failure);
    const { code, message, action, cause } = failure as Failure;
    expect(code).toBe('E_USAGE');
    expect(message).not.toContain('\n');
    expect(`${message}${action}`).not.toContain(secret);
    expect(cause).toBeUndefined();
  });
});

describe('store URLs that are shown', () => {
  test.for([
    ['file:///mnt/disk', 'file:///mnt/disk'],
    ['https://TOKEN@host:8080/vault?insecure=1', 'https://***@host:8080/vault'],
    ['s3+https://KEY:SECRET@host/bucket/prefix?region=R', 's3+https://***@host/bucket/prefix'],
    ['s3://bucket/prefix', 's3://bucket/prefix'],
    ['webdav+https://user:password@host/path', 'webdav+https://***@host/path'],
    ['https://KEY:12/SECRET@host/bucket', 'https://***'],
    ['https://KEY:SE/CRET@host/bucket', 'https://***'],
    ['s3+https://KEY:SE#CRET@host/bucket', 's3+https://***'],
    ['SECRET', '***'],
  ])('%s is shown as %s', ([text, shown]) => {
    expect(redactUrl(text!)).toBe(shown);
  });
});
