import { describe, expect, test } from 'vitest';
import { emptyStoreFields, storePlaceOf } from '../../renderer/set-up/store-place.ts';

const filled = (changes: Partial<typeof emptyStoreFields>): typeof emptyStoreFields => ({ ...emptyStoreFields, ...changes });

describe('what is filled in becomes an address', () => {
  test.each([
    ['server', { serverUrl: ' https://token@nas:8440/v ' }, { url: 'https://token@nas:8440/v' }],
    ['server', { serverFound: '10.0.0.7:8440', serverToken: ' to/ken ' }, { url: 'http://to%2Fken@10.0.0.7:8440/vault?insecure=1' }],
    [
      'server',
      { serverFound: '10.0.0.7:8440', serverToken: 'http://token@0.0.0.0:8440/photos?insecure=1' },
      { url: 'http://token@10.0.0.7:8440/photos?insecure=1' },
    ],
    ['server', { serverFound: '10.0.0.7:8440', serverToken: 'https://token@nas.home/v' }, { url: 'https://token@nas.home/v' }],
    [
      's3',
      { endpoint: 's3.example.com', bucket: 'b', prefix: '/a b/c/', region: 'eu', accessKey: 'k', secretKey: 's/+' },
      { url: 's3+https://s3.example.com/b/a%20b/c?region=eu', accessKey: 'k', secretKey: 's/+' },
    ],
    ['s3', { bucket: 'b', accessKey: 'k', secretKey: 's' }, { url: 's3://b', accessKey: 'k', secretKey: 's' }],
    [
      's3',
      { endpoint: 'http://127.0.0.1:9000/', bucket: 'b', accessKey: 'k', secretKey: 's' },
      { url: 's3+http://127.0.0.1:9000/b', accessKey: 'k', secretKey: 's' },
    ],
    [
      'webdav',
      { davUrl: 'cloud.example.com/dav/x', user: 'ana', password: 'p@/:' },
      { url: 'webdav+https://cloud.example.com/dav/x', user: 'ana', password: 'p@/:' },
    ],
    ['folder', { folder: { id: 'pick:7', path: '/x' } }, { url: 'pick:7' }],
  ] as const)('%s', (kind, fields, place) => {
    expect(storePlaceOf(kind, filled(fields))).toEqual(place);
  });

  test.each([
    ['server', { serverUrl: 'nas' }],
    ['server', { serverFound: '10.0.0.7:8440', serverToken: ' ' }],
    ['server', { serverFound: '10.0.0.7:8440', serverToken: 'http://nas:8440/v' }],
    ['server', { serverUrl: 'file:///etc' }],
    ['s3', { bucket: 'b', accessKey: 'k' }],
    ['s3', { endpoint: 'ftp://x', bucket: 'b', accessKey: 'k', secretKey: 's' }],
    ['webdav', {}],
    ['webdav', { davUrl: 'file:///etc' }],
    ['folder', {}],
  ] as const)('%s: not enough', (kind, fields) => {
    expect(storePlaceOf(kind, filled(fields))).toBeUndefined();
  });
});
