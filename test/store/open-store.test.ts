import { createServer, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openStore, type OpenStoreDeps } from '../../src/store/open-store.ts';
import { parseStoreUrl } from '../../src/store/parse-store-url.ts';
import { probeStore } from '../../src/store/probe.ts';
import { newStoreMetrics } from '../../src/store/with-metrics.ts';
import { serve } from '../server/server-world.ts';
import { temporaryFolder } from './temporary-folder.ts';

const deps: OpenStoreDeps = { clock: systemClock, random: systemRandom };

describe('opening a store', () => {
  test('a folder is only made when asked for, and works with everything around it', async () => {
    const parent = await temporaryFolder();
    const location = parseStoreUrl(pathToFileURL(join(parent, 'vault')).href);
    await openStore(location, deps);
    expect(await readdir(parent)).toEqual([]);
    const metrics = newStoreMetrics();
    const limits = { upBytesPerSecond: 10_000_000, downBytesPerSecond: 10_000_000 };
    const store = await openStore(location, { ...deps, createFolder: true, metrics, limits });
    expect(await probeStore(store, systemRandom)).toMatchObject({ notes: [] });
    expect(metrics.requests.putNew).toBe(2);
    await store.close();
  });

  test('what is missing to open one is said in one line', async () => {
    await expect(openStore(parseStoreUrl('s3://bucket/prefix'), deps)).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining('keys are needed') as string,
    });
  });

  test.for([
    ['s3+http://K%0D%0AX:S@127.0.0.1:1/b', 'access key id'],
    ['s3+http://K%C3%BC:S@127.0.0.1:1/b', 'access key id'],
    ['s3+http://K:S%0A@127.0.0.1:1/b', 'secret key'],
    ['webdav+http://u%00:p@127.0.0.1:1/b', 'user name'],
    ['webdav+http://u:secret-p%0A@127.0.0.1:1/b', 'password'],
  ])('credentials that no request can carry are said to be that, not a store that is away: %s', async ([url, what]) => {
    const failure: unknown = await openStore(parseStoreUrl(url!), deps).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'E_USAGE', message: expect.stringContaining(`the ${what} for this store`) as string });
    expect(JSON.stringify(failure)).not.toContain('secret-p');
  });

  test('a session token with a line break in it, too', async () => {
    const { address } = parseStoreUrl('s3+http://127.0.0.1:1/b');
    const credentials = { kind: 'key-pair', keyId: 'K', secret: 'S', sessionToken: 'a\nb' } as const;
    await expect(openStore({ address, credentials }, deps)).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  test('a file where the folder of a store should be is said to be none', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'x');
    const store = await openStore({ address: { kind: 'folder', path: file }, credentials: undefined }, deps);
    await expect(store.get('genesis', { maxBytes: 10 })).rejects.toMatchObject({ message: `${file} is not a folder` });
  });

  test('a server is reached through a proxy where one is set', async () => {
    const server = await serve(await temporaryFolder());
    const passed: string[] = [];
    const proxyServer = createServer((incoming, outgoing) => {
      passed.push(incoming.url ?? '');
      const onward = httpRequest(incoming.url ?? '', { method: incoming.method ?? 'GET', headers: incoming.headers }, (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    proxyServer.listen(0, '127.0.0.1');
    await once(proxyServer, 'listening');
    onTestFinished(() => {
      proxyServer.closeAllConnections();
      proxyServer.close();
    });
    const proxy = `http://127.0.0.1:${(proxyServer.address() as AddressInfo).port}`;
    const store = await openStore(parseStoreUrl(server.firstStoreUrl ?? ''), { ...deps, route: { proxy } });
    onTestFinished(() => store.close());
    expect(await store.putNew('genesis', [utf8('x')])).toBe('stored');
    expect(await store.get('genesis', { maxBytes: 10 })).toEqual(utf8('x'));
    expect(passed).toEqual([`${server.url}/vault/objects/genesis`, `${server.url}/vault/objects/genesis`]);
  });
});
