import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { HttpRoute } from '../../src/store/http/http-agents.ts';
import { openHttpStore } from '../../src/store/http/http-store.ts';
import { serverMark } from '../../src/store/server/server-protocol.ts';
import type { Store } from '../../src/store/store.ts';
import { answer, listen, token } from './hostile-server.ts';
import { openHttpProxy, openSocksProxy } from './proxies.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const ca = fixture('untrusted-certificate.pem');
const stored: RequestListener = (request, response) => {
  answer(request.method === 'PUT' ? 201 : 200, 'bytes', { [serverMark.header]: serverMark.value })(request, response);
};

async function listenTls(): Promise<string> {
  const server = createServer({ key: fixture('untrusted-key.pem'), cert: ca }, stored);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function clientBy(origin: string, route: HttpRoute): Store {
  const store = openHttpStore({ origin, name: 'vault', token, clock: systemClock, route });
  onTestFinished(() => store.close());
  return store;
}

async function expectToWork(store: Store): Promise<void> {
  expect(await store.putNew('genesis', [new Uint8Array(100_000)])).toBe('stored');
  expect(await store.get('genesis', { maxBytes: 10 })).toEqual(utf8('bytes'));
}

describe('authorities', () => {
  test('of the setting are trusted beside the others, and nobody else', async () => {
    const origin = await listenTls();
    await expectToWork(clientBy(origin, { ca }));
    const refused = clientBy(origin, {}).get('genesis', { maxBytes: 10 });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('vouches') as string,
      action: expect.stringContaining('store.ca') as string,
    });
  });

  test('vouch for one name only', async () => {
    const origin = (await listenTls()).replace('127.0.0.1', 'localhost');
    const refused = clientBy(origin, { ca }).putNew('genesis', [utf8('x')]);
    await expect(refused).rejects.toMatchObject({
      code: 'E_STORE_UNREACHABLE',
      message: expect.stringContaining('another name') as string,
    });
  });
});

describe('a proxy', () => {
  test('hands on what is asked of it, and tunnels what is encrypted', async () => {
    const proxy = await openHttpProxy();
    const [plain, secure] = [(await listen(stored)).origin, await listenTls()];
    await expectToWork(clientBy(plain, { proxy: `http://${proxy.host}` }));
    await expectToWork(clientBy(secure, { proxy: `http://${proxy.host}`, ca }));
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(plain).host, new URL(secure).host]));
  });

  test('of the SOCKS kind too, and it is told names where it shall look them up', async () => {
    const proxy = await openSocksProxy();
    const [plain, secure] = [(await listen(stored)).origin, await listenTls()];
    await expectToWork(clientBy(plain, { proxy: `socks5://${proxy.host}` }));
    await expectToWork(clientBy(secure, { proxy: `socks5://${proxy.host}`, ca }));
    await expectToWork(clientBy(plain.replace('127.0.0.1', 'localhost'), { proxy: `socks5h://${proxy.host}` }));
    expect(new Set(proxy.asked)).toEqual(
      new Set([...[plain, secure].map((origin) => `address:${new URL(origin).host}`), `name:localhost:${new URL(plain).port}`]),
    );
  });

  test('does not make a certificate good', async () => {
    const origin = await listenTls();
    for (const proxy of [`http://${(await openHttpProxy()).host}`, `socks5://${(await openSocksProxy()).host}`]) {
      await expect(clientBy(origin, { proxy }).get('genesis', { maxBytes: 10 })).rejects.toMatchObject({
        message: expect.stringContaining('trustworthy') as string,
      });
    }
  });

  test('is given its own user and password, which nobody else gets to see', async () => {
    const origins = [(await listen(stored)).origin, await listenTls()];
    for (const origin of origins) {
      const { host } = await openHttpProxy('user:p@ss');
      await expectToWork(clientBy(origin, { proxy: `http://user:p%40ss@${host}`, ca }));
      const failure: unknown = await clientBy(origin, { proxy: `http://user:wrong@${host}`, ca })
        .putNew('genesis', [utf8('x')])
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'E_STORE_UNREACHABLE',
        message: expect.stringContaining(`the proxy ${host} lets nobody through`) as string,
      });
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toMatch(new RegExp(`wrong@|${token}`));
    }
  });

  test('that is away is named, and nothing was put', async () => {
    const gone = await listen(stored);
    gone.server.close();
    await once(gone.server, 'close');
    const { host } = new URL(gone.origin);
    const origins = [(await listen(stored)).origin, await listenTls()];
    for (const origin of origins) {
      const put = clientBy(origin, { proxy: `http://${host}`, ca }).putNew('genesis', [utf8('x')]);
      await expect(put).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE', message: expect.stringContaining(host) as string });
      await expect(clientBy(origin, { proxy: `socks5://${host}`, ca }).get('genesis', { maxBytes: 1 })).rejects.toMatchObject({
        code: 'E_STORE_UNREACHABLE',
        message: expect.stringContaining(host) as string,
      });
    }
  });
});
