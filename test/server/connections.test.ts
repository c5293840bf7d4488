import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { join } from 'node:path';

import { expect, onTestFinished, test, describe } from 'vitest';

import { chooseLeaving } from '../../src/server/connection-room.ts';
import { networkOf } from '../../src/server/network-of.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { bearer, connect, raw, serve } from './server-world.ts';

const places = 24;

/** Connections from an address of this machine, each of which says `words` and then nothing more; once all of them were made. */
async function crowd(origin: string, count: number, { from = '127.0.0.1', words = '' } = {}): Promise<Socket[]> {
  const { hostname, port } = new URL(origin);
  const sockets = await Promise.all(
    Array.from({ length: count }, () => {
      const socket = createConnection({ host: hostname, port: Number(port), localAddress: from });
      return new Promise<Socket>((resolve) => {
        // One that is shown out at once may hear of that before it hears that it was connected.
        socket.on('error', () => resolve(socket));
        socket.on('connect', () => socket.write(words, () => resolve(socket)));
      });
    }),
  );
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return sockets;
}

/** What comes back over a connection that was made before. */
function ask(socket: Socket, head: string): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (piece) => resolve(piece.toString()));
    socket.once('close', () => resolve('closed'));
    socket.write(head);
  });
}

describe('strangers that fill the server', () => {
  test.for([
    ['and say nothing', ''],
    ['with half a request', 'GET /vault/hint HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer '],
    ['with a token that is none, and the body of an upload', `PUT /vault/hint HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nx`],
    ['with what anybody may ask', 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'],
  ] as const)('%s: a device comes in all the same', async ([, words]) => {
    const server = await serve(await temporaryFolder(), { places });
    await crowd(server.url, 4 * places, { words });
    const store = await connect(server.firstStoreUrl);
    expect(await store.putNew('a', [utf8('x')])).toBe('stored');
    await crowd(server.url, 4 * places, { words });
    expect(await store.get('a', { maxBytes: 10 })).toEqual(utf8('x'));
  });

  test('as many as there may be usually', async () => {
    const server = await serve(await temporaryFolder());
    await crowd(server.url, 600);
    const store = await connect(server.firstStoreUrl);
    expect(await store.putNew('a', [utf8('x')])).toBe('stored');
  });

  test('a device that is in keeps its connection, also one that only waits for news', async () => {
    const server = await serve(await temporaryFolder(), { places, watchHoldMs: 60_000 });
    const headers = bearer(server.firstStoreUrl);
    const { cursor } = JSON.parse((await raw(server.url, '/vault/watch?since=', { headers })).text) as { cursor: string };
    const waiting = raw(server.url, `/vault/watch?since=${cursor}`, { headers });
    await crowd(server.url, 4 * places);
    await raw(server.url, '/vault/hint', { method: 'PUT', headers, body: 'news' });
    expect(await waiting).toMatchObject({ status: 200 });
  });

  test('from one address: a device that comes from another one has the time that it needs', async () => {
    const server = await serve(await temporaryFolder(), { places });
    const [slow] = (await crowd(server.url, 1, { from: '127.0.0.1' })) as [Socket];
    await crowd(server.url, 10 * places, { from: '127.0.0.2' });
    const { authorization = '' } = bearer(server.firstStoreUrl);
    expect(await ask(slow, `GET /vault/hint HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`)).toContain('404');
  });

  test('with TLS, too', async () => {
    const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '..', 'store', 'fixtures', name), 'utf8');
    const tls = { key: fixture('untrusted-key.pem'), cert: fixture('untrusted-certificate.pem') };
    const server = await serve(await temporaryFolder(), { places, tls });
    const { hostname, port } = new URL(server.url);
    const { authorization = '' } = bearer(server.firstStoreUrl);
    const head = `GET /vault/hint HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`;
    await crowd(server.url, 4 * places);
    const device = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false });
    onTestFinished(() => {
      device.destroy();
    });
    expect(await ask(device, head)).toContain('404');
    await crowd(server.url, 4 * places);
    expect(await ask(device, head)).toContain('404');
  });

  test('leave no trace once they are gone', async () => {
    const server = await serve(await temporaryFolder(), { places });
    for (let round = 0; round < 3; round += 1) {
      const sockets = await crowd(server.url, 2 * places);
      for (const socket of sockets) socket.destroy();
    }
    const { authorization = '' } = bearer(server.firstStoreUrl);
    const devices = await crowd(server.url, places - 1);
    for (const device of devices) {
      expect(await ask(device, `GET /vault/hint HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`)).toContain('404');
    }
  });
});

describe('who leaves for a newcomer', () => {
  test.for([
    ['nobody, where nobody is', [], undefined],
    ['the oldest', ['a', 'a', 'a'], 0],
    ['one of those of whom there are most', ['a', 'b', 'b', 'a', 'b'], 1],
    ['the oldest of all, where there are as many of each', ['a', 'b', 'c'], 0],
  ] as const)('%s', ([, networks, leaving]) => {
    expect(chooseLeaving(networks.map((network, index) => ({ key: String(index), network })))).toBe(leaving?.toString());
  });
});

test.for([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
] as const)('%s belongs to %s', ([address, network]) => {
  expect(networkOf(address)).toBe(network);
});
