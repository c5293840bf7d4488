import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { inspect } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import type { Failure } from '../../src/base/failure.ts';
import type { HttpPatience } from '../../src/store/http/http-connection.ts';
import type { Store } from '../../src/store/store.ts';
import { answer, clientOf, clientOfAnswer, listen, token } from './hostile-server.ts';

const impatient: HttpPatience = {
  connectMs: 5000,
  answerMs: 200,
  speed: { windowMs: 200, minBytesPerSecond: 1000, graceMs: 1000, minMeanBytesPerSecond: 2000 },
};
/** So with the bodies alone: both ends are in this process, and where that is held up, no answer is late for it. */
const patientAtFirst: HttpPatience = { ...impatient, answerMs: 30_000 };
const get = (store: Store): Promise<unknown> => store.get('genesis', { maxBytes: 1000 });
const list = (store: Store): Promise<unknown> => store.list('a', { after: 'a1', limit: 3 });

/** The failure, after a look that the token is nowhere in it. */
async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const failure = await promise.then(
    (value) => {
      throw new Error(`no failure but ${inspect(value)}`);
    },
    (error: unknown) => error as Failure,
  );
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(token);
  return failure;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

/** So many bytes at a time, fifty times a second, without an end. */
function drip(bytes: number): RequestListener {
  return (_request, response) => {
    const dripping = setInterval(() => response.write('x'.repeat(bytes)), 20);
    response.on('close', () => {
      clearInterval(dripping);
    });
  };
}

describe('a server that sends too much', () => {
  test('an endless body ends at the limit, and the connection with it', async () => {
    const { store, sockets } = await clientOfAnswer((_request, response) => {
      const pour = (): void => {
        while (response.write(Buffer.alloc(16_384)));
        response.once('drain', pour);
      };
      pour();
    });
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_LIMIT' });
    const [socket] = sockets as [Socket];
    await expect(closed(socket)).resolves.toBeUndefined();
  });

  test('an announced size above the limit is refused before a byte of it', async () => {
    const { store } = await clientOfAnswer((_request, response) => {
      response.writeHead(200, { 'content-length': '99999999999' }).flushHeaders();
    });
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_LIMIT' });
  });

  test('a megabyte of headers is refused', async () => {
    const { store } = await clientOfAnswer((_request, response) => {
      for (let index = 0; index < 64; index += 1) response.setHeader(`x-${index}`, 'x'.repeat(16_000));
      response.end('body');
    });
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_LIMIT' });
  });

  test('a listing or a hint larger than any real one is refused', async () => {
    const { store } = await clientOfAnswer(answer(200, 'x'.repeat(100_000), { etag: '"x"' }));
    expect(await failureOf(list(store))).toMatchObject({ code: 'E_LIMIT' });
    expect(await failureOf(store.getHint(undefined))).toMatchObject({ code: 'E_LIMIT' });
  });

  test('a long refusal is not read to its end', async () => {
    const { store } = await clientOfAnswer((_request, response) => {
      response.writeHead(404);
      const pour = (): void => {
        while (response.write(Buffer.alloc(16_384)));
        response.once('drain', pour);
      };
      pour();
    });
    expect(await get(store)).toBeUndefined();
  });
});

describe('a server that sends too little or too slowly', () => {
  test('a body shorter than announced is never given out', async () => {
    const { store } = await clientOfAnswer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('only this', () => response.destroy());
    });
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  });

  test('a chunked body cut off in the middle neither', async () => {
    const { store } = await clientOfAnswer((_request, response) => {
      response.write('only this', () => response.destroy());
    });
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  });

  test('a byte now and then is not enough to hold us', async () => {
    const { store } = await clientOfAnswer(drip(1), impatient);
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  });

  test('neither is a little at a time, fast enough for each look', async () => {
    const speed = { windowMs: 200, minBytesPerSecond: 100, graceMs: 300, minMeanBytesPerSecond: 100_000 };
    const { store } = await clientOfAnswer(drip(100), { ...patientAtFirst, speed });
    const failure = await failureOf(store.get('a', { maxBytes: 10_000_000 }));
    expect(failure.message).toContain('too slow');
  });

  test('nor a byte now and then where our own bandwidth is limited', async () => {
    const { store } = await clientOfAnswer(drip(1), patientAtFirst);
    const failure = await failureOf(store.get('a', { maxBytes: 1000, pace: () => Promise.resolve() }));
    expect(failure.message).toContain('too slow');
  });

  test('silence ends, before the head of an answer and after it', async () => {
    const silent = await clientOfAnswer(() => undefined, impatient);
    expect(await failureOf(get(silent.store))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(await silent.store.putNew('a', [utf8('x')])).toBe('unknown');
    const half = await clientOfAnswer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).flushHeaders();
    }, impatient);
    expect(await failureOf(get(half.store))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  });

  test('an upload that nobody takes is given up, its outcome unknown', async () => {
    const { store } = await clientOfAnswer((request) => {
      request.pause();
    }, impatient);
    expect(await store.putNew('a', [new Uint8Array(16 * 1024 * 1024)])).toBe('unknown');
  });
});

describe('a server that points elsewhere', () => {
  const verbs: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
    ['get', get],
    ['putNew', (store) => store.putNew('a', [utf8('x')])],
    ['list', list],
    ['delete', (store) => store.delete('a')],
    ['putHint', (store) => store.putHint(utf8('x'))],
    ['getHint', (store) => store.getHint(undefined)],
    ['watch', (store) => store.watch?.({}) ?? Promise.resolve()],
  ];
  test.for(verbs)('%s follows no redirect, and nobody else sees the token', async ([, ask]) => {
    const other = await listen(answer(200));
    const locations = [
      `${other.origin}/?x=${token}`,
      '/vault/elsewhere',
      'http://169.254.169.254/latest',
      '//127.0.0.1',
      'https://a.example',
      '\u0001',
    ];
    for (const status of [300, 301, 302, 303, 305, 307, 308]) {
      for (const location of locations) {
        const { store, requests } = await clientOfAnswer((request, response) => {
          request.resume();
          response.statusCode = status;
          if (location !== '\u0001') response.setHeader('location', location);
          response.end();
        });
        expect(await failureOf(ask(store))).toMatchObject({ code: 'E_STORE_REDIRECT' });
        expect(requests).toHaveLength(1);
      }
    }
    expect(other.sockets).toEqual([]);
  });
});

describe('a server that answers something else', () => {
  test('an encoded body is refused, not decoded', async () => {
    const { store } = await clientOfAnswer(answer(200, gzipSync('x'.repeat(500)), { 'content-encoding': 'gzip' }));
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test.for([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['no object', '"names"'],
    ['null', 'null'],
    ['no names', '{"more":false}'],
    ['no list', '{"names":{"length":1},"more":false}'],
    ['no end mark', '{"names":[]}'],
    ['a name that is no text', '{"names":[7],"more":false}'],
    ['a name that is no object name', '{"names":["a/../b"],"more":false}'],
    ['a name outside the prefix', '{"names":["b1"],"more":false}'],
    ['a page that repeats what was there', '{"names":["a1"],"more":true}'],
    ['a name twice', '{"names":["a2","a2"],"more":true}'],
    ['names out of order', '{"names":["a3","a2"],"more":false}'],
    ['more names than asked for', '{"names":["a2","a3","a4","a5"],"more":false}'],
    ['more pages, but nothing on this one', '{"names":[],"more":true}'],
    ['invalid UTF-8', '{"names":["\u00ff"],"more":false}'],
  ])('a listing with %s is misbehaviour', async ([, body]) => {
    const { store } = await clientOfAnswer(answer(200, Buffer.from(body!, 'latin1')));
    expect(await failureOf(list(store))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test('other bytes than the range asked for are refused', async () => {
    const asked = { maxBytes: 100, range: { start: 10, length: 5 } };
    const ranges = ['bytes 0-4/100', 'bytes 10-15/100', 'bytes 10-12/100', 'bytes 10-14', 'x', ''];
    for (const range of ranges) {
      const { store } = await clientOfAnswer(answer(206, range === 'bytes 10-12/100' ? 'abc' : 'abcde', { 'content-range': range }));
      expect(await failureOf(store.get('a', asked))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
    }
    const whole = await clientOfAnswer(answer(200, 'abcde'));
    expect(await failureOf(whole.store.get('a', asked))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
    const atEnd = await clientOfAnswer(answer(206, 'abc', { 'content-range': 'bytes 10-12/13' }));
    expect(await atEnd.store.get('a', asked)).toEqual(utf8('abc'));
  });

  test('a hint without a proper tag and a watch without a cursor are refused', async () => {
    for (const etag of ['', 'x', `"${'x'.repeat(200)}"`]) {
      const { store } = await clientOfAnswer(answer(200, 'hint', { etag }));
      expect(await failureOf(store.getHint(undefined))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
    }
    const { store } = await clientOfAnswer(answer(200, '{"cursor":"a&b"}'));
    expect(await failureOf(store.watch?.({}) ?? Promise.resolve())).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test('the login page of a network is not taken for the store', async () => {
    const portal = await listen(answer(200, 'please log in'));
    const store = clientOf(portal.origin);
    expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(await failureOf(store.delete('a'))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(await store.putNew('a', [utf8('x')])).toBe('unknown');
    const absent = await listen(answer(404, 'no such page'));
    expect(await failureOf(get(clientOf(absent.origin)))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  });
});

describe('a server that refuses', () => {
  test.for([
    [401, 'E_STORE_DENIED'],
    [403, 'E_STORE_DENIED'],
    [413, 'E_LIMIT'],
    [507, 'E_STORE_FULL'],
    [429, 'E_STORE_UNREACHABLE'],
  ] as const)('%d is %s for every verb', async ([status, code]) => {
    const { store } = await clientOfAnswer(answer(status));
    for (const asked of [get(store), store.putNew('a', [utf8('x')]), list(store), store.delete('a'), store.putHint(utf8('x'))]) {
      expect(await failureOf(asked)).toMatchObject({ code });
    }
  });

  test('a failing server is unreachable, and a put to it unknown', async () => {
    for (const status of [500, 502, 503, 504]) {
      const { store } = await clientOfAnswer(answer(status));
      expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
      expect(await store.putNew('a', [utf8('x')])).toBe('unknown');
    }
  });

  test('says when to come back, within reason', async () => {
    for (const [header, retryAfterMs] of [
      ['7', 7000],
      ['999999999', 600_000],
      ['Wed, 21 Oct 2099 07:28:00 GMT', 0],
      ['-1', 0],
    ] as const) {
      const { store } = await clientOfAnswer(answer(429, '', { 'retry-after': header }));
      expect(await failureOf(get(store))).toMatchObject({ code: 'E_STORE_UNREACHABLE', retryAfterMs });
      const failing = await clientOfAnswer(answer(503, '', { 'retry-after': header }));
      expect(await failureOf(get(failing.store))).toMatchObject(retryAfterMs > 0 ? { retryAfterMs } : { code: 'E_STORE_UNREACHABLE' });
      expect(await failing.store.putNew('a', [utf8('x')])).toBe('unknown');
    }
  });
});

describe('connections', () => {
  test('where nobody listens a put surely did not happen', async () => {
    const listener = await listen(answer(200));
    listener.server.close();
    await once(listener.server, 'close');
    expect(await failureOf(clientOf(listener.origin).putNew('a', [utf8('x')]))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  });

  test('a connection cut in the middle of a put leaves its outcome unknown', async () => {
    const { store } = await clientOfAnswer((request) => {
      request.once('data', () => request.socket.destroy());
    });
    expect(await store.putNew('a', [new Uint8Array(1_000_000)])).toBe('unknown');
  });

  test('are kept and few, whatever the answers were', async () => {
    const { store, sockets } = await clientOfAnswer((request, response) => {
      const status = request.method === 'GET' ? 404 : 409;
      answer(status, 'some text')(request, response);
    });
    for (let round = 0; round < 5; round += 1) {
      await get(store);
      await store.putNew('a', [utf8('x')]);
    }
    expect(sockets).toHaveLength(1);
    await Promise.all(Array.from({ length: 30 }, () => get(store)));
    expect(sockets.length).toBeLessThanOrEqual(8);
  });

  test('tell nothing about this computer', async () => {
    const { store, requests } = await clientOfAnswer(answer(404));
    await get(store);
    expect(requests[0]?.headers).toEqual({
      host: expect.any(String) as string,
      connection: 'keep-alive',
      'user-agent': 'cachette',
      'accept-encoding': 'identity',
      authorization: `Bearer ${token}`,
    });
  });

  test('go at the pace that is given', async () => {
    const { store } = await clientOfAnswer((request, response) => {
      if (request.method === 'PUT') answer(201)(request, response);
      else answer(200, 'x'.repeat(100_000))(request, response);
    });
    let paced = 0;
    const pace = async (bytes: number): Promise<void> => {
      paced += bytes;
      await Promise.resolve();
    };
    expect(await store.putNew('a', [new Uint8Array(50_000), new Uint8Array(50_000)], { pace })).toBe('stored');
    expect(paced).toBe(100_000);
    await store.get('a', { maxBytes: 100_000, pace });
    expect(paced).toBe(200_000);
  });

  test("our own slowness is not taken for the server's", async () => {
    const { store } = await clientOfAnswer(answer(201), patientAtFirst);
    const pace = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3 * impatient.speed.windowMs));
    expect(await store.putNew('a', [new Uint8Array(20_000)], { pace })).toBe('stored');
  });
});

describe('TLS', () => {
  const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name));
  const identity = { key: fixture('untrusted-key.pem'), cert: fixture('untrusted-certificate.pem') };

  async function listenTls(options: object): Promise<{ origin: string; requests: number; errors: string[] }> {
    const seen = { origin: '', requests: 0, errors: [] as string[] };
    const server = createTlsServer({ ...identity, ...options }, (_request, response) => {
      seen.requests += 1;
      response.end();
    });
    server.on('tlsClientError', (error) => {
      seen.errors.push('code' in error ? String(error.code) : error.message);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    seen.origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return seen;
  }

  test('a certificate that nobody vouches for is refused before anything is sent', async () => {
    const server = await listenTls({});
    const store = clientOf(server.origin);
    expect(await failureOf(get(store))).toMatchObject({
      code: 'E_STORE_UNREACHABLE',
      message: expect.stringContaining('trustworthy') as string,
    });
    expect(await failureOf(store.putNew('a', [utf8('x')]))).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(server.requests).toBe(0);
  });

  test('nothing older than TLS 1.2 is spoken', async () => {
    const server = await listenTls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    const failure = await failureOf(get(clientOf(server.origin)));
    expect(failure).toMatchObject({ code: 'E_STORE_UNREACHABLE', message: expect.stringContaining('trustworthy') as string });
    expect(failure.message).toMatch(/PROTO|VERSION/);
    expect(server.errors.join(' ')).toMatch(/PROTOCOL|VERSION/);
  });
});
