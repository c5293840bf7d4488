import { createServer, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
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
