import type { IncomingMessage, RequestListener } from 'node:http';
import { inspect } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { Failure } from '../../src/base/failure.ts';
import { openS3Store } from '../../src/store/s3/s3-store.ts';
import type { Store } from '../../src/store/store.ts';
import { answer, listen } from './hostile-server.ts';

const keys = { keyId: 'KEY-ID-of-mine', secret: 'SECRET-that-nobody-may-see', sessionToken: 'SESSION-that-nobody-may-see' };
const get = (store: Store): Promise<unknown> => store.get('genesis', { maxBytes: 1000 });
const put = (store: Store): Promise<unknown> => store.putNew('a', [utf8('x')]);
const list = (store: Store): Promise<unknown> => store.list('a', { after: 'a1', limit: 3 });
const verbs: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ['get', get],
  ['putNew', put],
  ['list', list],
  ['delete', (store) => store.delete('a')],
  ['putHint', (store) => store.putHint(utf8('x'))],
  ['getHint', (store) => store.getHint(undefined)],
];

async function s3Of(
  respond: RequestListener,
  clock: Clock = systemClock,
): Promise<{ readonly store: Store; readonly requests: IncomingMessage[] }> {
  const { origin, requests } = await listen(respond);
  const place = { origin, bucketPath: '/bucket', bucket: 'bucket', keyPrefix: 'some/vault/', region: 'us-east-1' };
  const store = openS3Store({ place, keys, clock });
  onTestFinished(() => store.close());
  return { store, requests };
}

/** The failure, after a look that nothing secret is anywhere in it. */
async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const failure = await promise.then(
    (value) => {
      throw new Error(`no failure but ${inspect(value)}`);
    },
    (error: unknown) => error as Failure,
  );
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toMatch(/nobody-may-see|Signature=/);
  return failure;
}

const errorDocument = (code: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>words</Message>${more}</Error>`;
const listing = (keyNames: readonly string[], isTruncated = false, more = ''): string =>
  `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${more}<IsTruncated>${isTruncated}</IsTruncated>${keyNames
    .map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`)
    .join('')}</ListBucketResult>`;
const v = (name: string): string => `some/vault/${name}`;

describe('what is sent', () => {
  test('is signed, with temporary keys too, and holds no secret', async () => {
    const { store, requests } = await s3Of(answer(200, 'bytes'));
    await store.get('genesis', { maxBytes: 10 });
    const { headers, url } = requests[0] as IncomingMessage;
    expect(url).toBe('/bucket/some/vault/genesis');
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=KEY-ID-of-mine\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    expect(headers['x-amz-security-token']).toBe(keys.sessionToken);
    expect(JSON.stringify(requests[0]?.rawHeaders)).not.toContain(keys.secret);
  });

  test('asks for a fresh name until the service says that it knows no such thing', async () => {
    for (const [status, code] of [
      [501, 'NotImplemented'],
      [400, 'InvalidArgument'],
    ] as const) {
      const asked: unknown[] = [];
      const { store } = await s3Of((request, response) => {
        const condition = request.headers['if-none-match'];
        asked.push(condition);
        if (condition === undefined) answer(200)(request, response);
        else answer(status, errorDocument(code))(request, response);
      });
      expect([await put(store), await put(store)]).toEqual(['stored', 'stored']);
      expect(asked).toEqual(['*', undefined, undefined]);
    }
  });
});

describe('what a put comes to', () => {
  test.for([
    [200, '', 'stored'],
    [412, errorDocument('PreconditionFailed'), 'exists'],
    [409, errorDocument('ConditionalRequestConflict'), 'unknown'],
    [500, errorDocument('InternalError'), 'unknown'],
    [502, '<html>', 'unknown'],
    [503, errorDocument('ServiceUnavailable'), 'unknown'],
    [504, '', 'unknown'],
  ] as const)('%d is %s %s', async ([status, body, outcome]) => {
    const { store } = await s3Of(answer(status, body));
    expect(await put(store)).toBe(outcome);
  });

  test('cut in the middle is unknown', async () => {
    const { store } = await s3Of((request) => {
      request.once('data', () => request.socket.destroy());
    });
    expect(await store.putNew('a', [new Uint8Array(1_000_000)])).toBe('unknown');
  });
});

describe('a service that refuses', () => {
  test.for([
    [403, 'AccessDenied', 'E_STORE_DENIED', 'rights'],
    [403, 'InvalidAccessKeyId', 'E_STORE_DENIED', 'key id'],
    [403, 'SignatureDoesNotMatch', 'E_STORE_DENIED', 'secret'],
    [400, 'ExpiredToken', 'E_STORE_DENIED', 'AWS_SESSION_TOKEN'],
    [403, 'InvalidObjectState', 'E_STORE_DENIED', 'archive'],
    [403, 'SecondLevelDomainForbidden', 'E_STORE_DENIED', '?style=host'],
    [400, 'AuthorizationHeaderMalformed', 'E_STORE_DENIED', '?region='],
    [404, 'NoSuchBucket', 'E_STORE_DENIED', 'create the bucket'],
    [401, '', 'E_STORE_DENIED', 'rights'],
    [403, 'QuotaExceeded', 'E_STORE_FULL', 'make room'],
    [507, '', 'E_STORE_FULL', 'make room'],
    [413, '', 'E_LIMIT', 'proxy before it'],
    [503, 'SlowDown', 'E_STORE_UNREACHABLE', 'next run'],
    [429, '', 'E_STORE_UNREACHABLE', 'next run'],
    [400, 'BadDigest', 'E_STORE_UNREACHABLE', 'next run'],
  ] as const)('%d %s is %s for every verb', async ([status, code, failureCode, words]) => {
    const { store } = await s3Of(answer(status, code === '' ? '' : errorDocument(code)));
    for (const [, ask] of verbs) {
      expect(await failureOf(ask(store))).toMatchObject({ code: failureCode, action: expect.stringContaining(words) as string });
    }
  });

  test('for a wrong clock says by how much', async () => {
    const date = new Date('2026-03-01T12:00:00Z');
    const { store } = await s3Of(answer(403, errorDocument('RequestTimeTooSkewed'), { date: date.toUTCString() }), {
      ...systemClock,
      nowMs: () => date.getTime() - 5 * 3_600_000,
    });
    expect(await failureOf(get(store))).toMatchObject({
      code: 'E_STORE_DENIED',
      message: expect.stringContaining("its clock is 5 hours behind the server's") as string,
      action: expect.stringContaining('set the clock') as string,
    });
  });

  test('for a wrong region says the right one, by redirect or by code', async () => {
    const moved = await s3Of(answer(301, '', { 'x-amz-bucket-region': 'eu-west-3' }));
    const malformed = await s3Of(answer(400, errorDocument('AuthorizationHeaderMalformed', '<Region>eu-west-3</Region>')));
    for (const [, ask] of verbs) {
      expect(await failureOf(ask(moved.store))).toMatchObject({
        code: 'E_STORE_REDIRECT',
        action: expect.stringContaining('?region=eu-west-3') as string,
      });
      expect(await failureOf(ask(malformed.store))).toMatchObject({
        code: 'E_STORE_DENIED',
        action: expect.stringContaining('?region=eu-west-3') as string,
      });
    }
    const strange = await s3Of(answer(301, '', { 'x-amz-bucket-region': 'x@evil.example/' }));
    expect(inspect(await failureOf(get(strange.store)))).not.toContain('evil');
  });

  test('says when to come back', async () => {
    const { store } = await s3Of(answer(503, errorDocument('SlowDown'), { 'retry-after': '7' }));
    expect(await failureOf(put(store))).toMatchObject({ retryAfterMs: 7000 });
    const failing = await s3Of(answer(503, '', { 'retry-after': '7' }));
    expect(await failureOf(get(failing.store))).toMatchObject({ retryAfterMs: 7000 });
  });
});

describe('a service that points elsewhere', () => {
  test.for(verbs)('%s follows no redirect, and nobody else sees a signature', async ([, ask]) => {
    const other = await listen(answer(200));
    for (const status of [300, 301, 302, 303, 305, 307, 308]) {
      for (const location of [`${other.origin}/bucket/a`, '/bucket/elsewhere', 'http://169.254.169.254/latest', '//127.0.0.1']) {
        const { store, requests } = await s3Of(answer(status, '', { location }));
        expect(await failureOf(ask(store))).toMatchObject({ code: 'E_STORE_REDIRECT' });
        expect(requests).toHaveLength(1);
      }
    }
    expect(other.sockets).toEqual([]);
  });
});

describe('a service that is none', () => {
  test('is not taken for an empty one', async () => {
    for (const body of ['', '<html>not found</html>', 'no such page', errorDocument('NoSuchUpload'), '<Error><Code>NoSuchKey']) {
      const { store } = await s3Of(answer(404, body));
      for (const [, ask] of verbs) {
        const outcome = await ask(store).catch((error: unknown) => error);
        expect(outcome).toMatchObject({ code: expect.stringMatching(/^E_STORE_(?:UNREACHABLE|BEHAVIOUR)$/) as string });
      }
    }
  });

  test('gives nothing by its login page', async () => {
    const { store } = await s3Of(answer(200, '<html><body>please log in</body></html>', { 'content-type': 'text/html; charset=utf-8' }));
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_UNREACHABLE', action: expect.stringContaining('login') as string });
    expect(await failureOf(store.getHint(undefined))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(await failureOf(list(store))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });
});

describe('a listing', () => {
  test('gives what is ours, and nothing else that lies in the bucket', async () => {
    const { store } = await s3Of(answer(200, listing([v('a2'), v('a2.tmp'), v('a3'), v('aX')])));
    expect(await list(store)).toEqual({ names: ['a2', 'a3'], more: false });
  });

  test('is put in order where it is whole', async () => {
    const { store } = await s3Of(answer(200, listing([v('a4'), v('a2'), v('a3'), v('a5')])));
    expect(await list(store)).toEqual({ names: ['a2', 'a3', 'a4'], more: true });
  });

  test('may be encoded, when it says so', async () => {
    const encoded = '<EncodingType>url</EncodingType>';
    const { store } = await s3Of(answer(200, listing(['some%2Fvault%2Fa+b%01', 'some%2Fvault%2Fa2'], false, encoded)));
    expect(await store.list('a', { limit: 3 })).toEqual({ names: ['a2'], more: false });
    const broken = await s3Of(answer(200, listing(['some%2Fvault%2Fa%zz'], false, encoded)));
    expect(await failureOf(list(broken.store))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test('goes on over pages without a name of ours, but not for ever', async () => {
    let page = 0;
    const { store, requests } = await s3Of((request, response) => {
      page += 1;
      answer(200, listing([v(`a1.${String(page).padStart(5, '0')}`)], true))(request, response);
    });
    expect(await failureOf(list(store))).toMatchObject({ code: 'E_LIMIT', action: expect.stringContaining('of its own') as string });
    expect(requests.length).toBeLessThanOrEqual(100);
    expect(new URL(requests[1]?.url ?? '', 'http://x').searchParams.get('start-after')).toBe(v('a1.00001'));
  });

  const bomb = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">]>`;
  test.for([
    ['no XML', 'names'],
    ['nothing', ''],
    ['another document', '<Error><Code>x</Code></Error>'],
    ['no end mark', '<ListBucketResult><Contents><Key>some/vault/a2</Key></Contents></ListBucketResult>'],
    ['entities that grow', `${bomb}${listing(['&b;'])}`],
    ['a file of this computer', `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${listing(['&a;'])}`],
    ['elements without end in each other', '<ListBucketResult>'.repeat(50_000)],
    [
      'a hundred thousand elements beside each other',
      `<ListBucketResult>${'<a/>'.repeat(100_000)}<IsTruncated>false</IsTruncated></ListBucketResult>`,
    ],
    ['names of the rest of the bucket', listing(['other/a2'])],
    ['a name of another prefix', listing([v('b2')])],
    ['an entry without a key', '<ListBucketResult><IsTruncated>false</IsTruncated><Contents/></ListBucketResult>'],
    ['a page that repeats what was there', listing([v('a1')], true)],
    ['a name twice', listing([v('a2'), v('a2')])],
    ['names out of order, and more to come', listing([v('a3'), v('a2')], true)],
    ['more pages, but nothing on this one', listing([], true)],
    ['more than a thousand names', listing(Array.from({ length: 1001 }, (_, index) => v(`a2${String(index).padStart(4, '0')}`)))],
    ['invalid UTF-8', listing([v('a\u00ff')])],
  ])('with %s is misbehaviour', async ([, body]) => {
    const { store } = await s3Of(answer(200, Buffer.from(body!, 'latin1')));
    expect(await failureOf(list(store))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test('larger than any real one is refused', async () => {
    const { store } = await s3Of((_request, response) => {
      const pour = (): void => {
        while (response.write('<a>'.repeat(10_000)));
        response.once('drain', pour);
      };
      pour();
    });
    expect(await failureOf(list(store))).toMatchObject({ code: 'E_LIMIT' });
  });
});

describe('an object', () => {
  test('longer than allowed, encoded, or of another range than asked for is refused', async () => {
    const long = await s3Of(answer(200, 'x'.repeat(1001)));
    expect(await failureOf(get(long.store))).toMatchObject({ code: 'E_LIMIT' });
    const encoded = await s3Of(answer(200, 'x', { 'content-encoding': 'gzip' }));
    expect(await failureOf(get(encoded.store))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
    const asked = { maxBytes: 100, range: { start: 10, length: 5 } };
    for (const range of ['bytes 0-4/100', 'bytes 10-15/100', 'x', '']) {
      const { store } = await s3Of(answer(206, 'abcde', { 'content-range': range }));
      expect(await failureOf(store.get('a', asked))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
    }
    const whole = await s3Of(answer(200, 'x'.repeat(15)));
    expect(await failureOf(whole.store.get('a', asked))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test('of one byte can be asked for, also where an end of 0 is taken for none', async () => {
    const { store, requests } = await s3Of(answer(206, 'ab', { 'content-range': 'bytes 0-1/10' }));
    expect(await store.get('a', { maxBytes: 1, range: { start: 0, length: 1 } })).toEqual(utf8('a'));
    expect(requests[0]?.headers.range).toBe('bytes=0-1');
  });
});
