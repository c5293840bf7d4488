import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { Failure } from '../../src/base/failure.ts';
import { probeStore } from '../../src/store/probe.ts';
import { seededRandom } from '../crypto/fixed-random.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { beginRaw, bearer, connect, raw, serve } from './server-world.ts';

const some = { maxBytes: 1000 };

describe('tokens', () => {
  test('the first start makes one for the store "vault", later starts none', async () => {
    const root = await temporaryFolder();
    const first = await serve(root);
    expect(first.firstStoreUrl).toMatch(/^http:\/\/[\w-]{43}@127\.0\.0\.1:\d+\/vault$/);
    const store = await connect(first.firstStoreUrl);
    await store.putNew('genesis', [utf8('x')]);
    await first.close();

    const second = await serve(root);
    expect(second.firstStoreUrl).toBeUndefined();
    const { username } = new URL(first.firstStoreUrl ?? '');
    const again = await connect(second.url.replace('//', `//${username}@`).concat('/vault'));
    expect(await again.get('genesis', some)).toEqual(utf8('x'));
  });

  test('are kept as hashes, in a file for the owner alone', async () => {
    const root = await temporaryFolder();
    const server = await serve(root);
    const text = await readFile(join(root, 'tokens.json'), 'utf8');
    expect(text).not.toContain(new URL(server.firstStoreUrl ?? '').username);
    expect((await stat(join(root, 'tokens.json'))).mode & 0o777).toBe(0o600);
  });

  test('a token file that others may read or that is damaged stops the start', async () => {
    const root = await temporaryFolder();
    const server = await serve(root);
    await server.close();
    await chmod(join(root, 'tokens.json'), 0o644);
    await expect(serve(root)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS' });
    await chmod(join(root, 'tokens.json'), 0o600);
    await writeFile(join(root, 'tokens.json'), '{"version":2}');
    await expect(serve(root)).rejects.toMatchObject({ code: 'E_FAILED' });
  });

  test('open their own store only, and nothing opens without one', async () => {
    const server = await serve(await temporaryFolder());
    const vault = server.firstStoreUrl;
    const other = await server.addToken('other');
    const mine = await connect(vault);
    await mine.putNew('genesis', [utf8('mine')]);
    expect(await (await connect(other)).get('genesis', some)).toBeUndefined();

    const statusOf = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await raw(server.url, path, { headers })).status;
    expect(await statusOf('/vault/objects/genesis', bearer(vault))).toBe(200);
    expect(await statusOf('/vault/objects/genesis', bearer(other))).toBe(403);
    expect(await statusOf('/nobody/objects/genesis', bearer(other))).toBe(403);
    expect(await statusOf('/vault/objects/genesis', {})).toBe(401);
    for (const authorization of ['Bearer wrong', 'Bearer ', 'Basic abc', bearer(vault)['authorization']!.toLowerCase()]) {
      expect(await statusOf('/vault/objects/genesis', { authorization })).toBe(401);
    }
  });

  test('wrong ones in any number do not lock the right one out', async () => {
    const server = await serve(await temporaryFolder());
    for (let attempt = 0; attempt < 100; attempt += 1) {
      expect((await raw(server.url, '/vault/hint', { headers: { authorization: `Bearer guess-${attempt}` } })).status).toBe(401);
    }
    expect((await raw(server.url, '/vault/hint', { headers: bearer(server.firstStoreUrl) })).status).toBe(404);
  });

  test('append-only ones put and read but delete nothing', async () => {
    const server = await serve(await temporaryFolder());
    const store = await connect(await server.addToken('vault', { appendOnly: true }));
    expect(await store.putNew('genesis', [utf8('x')])).toBe('stored');
    await store.putHint(utf8('hint'));
    await expect(store.delete('genesis')).rejects.toMatchObject({ code: 'E_STORE_DENIED' });
    expect(await store.get('genesis', some)).toEqual(utf8('x'));
    expect(await probeStore(store, seededRandom('append-only'))).toMatchObject({ canDelete: false });
  });

  test('a name that is no store name is refused', async () => {
    const server = await serve(await temporaryFolder());
    for (const name of ['', '../x', 'A', 'health', 'a/b']) await expect(server.addToken(name)).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

describe('space', () => {
  test('a quota counts everything in the store, also from before the start, and what is deleted comes free', async () => {
    const root = await temporaryFolder();
    const first = await serve(root);
    await (await connect(first.firstStoreUrl)).putNew('before', [new Uint8Array(600)]);
    await first.close();
    const server = await serve(root);
    const store = await connect(await server.addToken('vault', { quotaBytes: 1000 }));
    await expect(store.putNew('a', [new Uint8Array(500)])).rejects.toMatchObject({ code: 'E_STORE_FULL' });
    expect(await store.putNew('a', [new Uint8Array(400)])).toBe('stored');
    expect(await store.putNew('a', [new Uint8Array(400)])).toBe('exists');
    await store.delete('before');
    await store.delete('before');
    expect(await store.putNew('a', [new Uint8Array(400)])).toBe('exists');
    expect(await store.putNew('b', [new Uint8Array(600)])).toBe('stored');
    await expect(store.putNew('c', [new Uint8Array(1)])).rejects.toMatchObject({ code: 'E_STORE_FULL' });
  });

  test('uploads at the same time do not pass a quota together', async () => {
    const server = await serve(await temporaryFolder());
    const store = await connect(await server.addToken('vault', { quotaBytes: 1000 }));
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        store.putNew(`o/${index}`, [new Uint8Array(300)]).catch((error: unknown) => (error as Failure).code),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'E_STORE_FULL')).toHaveLength(3);
  });

  test('an object of more than a pack, and a body without a length, are refused', async () => {
    const server = await serve(await temporaryFolder());
    const store = await connect(server.firstStoreUrl);
    expect(await store.putNew('largest', [new Uint8Array(17 * 1024 * 1024)])).toBe('stored');
    await expect(store.putNew('larger', [new Uint8Array(18 * 1024 * 1024)])).rejects.toMatchObject({ code: 'E_LIMIT' });
    const headers = { ...bearer(server.firstStoreUrl), 'transfer-encoding': 'chunked' };
    expect(await raw(server.url, '/vault/objects/a', { method: 'PUT', headers, body: 'x' })).toMatchObject({ status: 411 });
    expect((await store.list('', { limit: 10 })).names).toEqual(['largest']);
  });

  test('a hint above 1 KiB is refused', async () => {
    const server = await serve(await temporaryFolder());
    const reply = await raw(server.url, '/vault/hint', { method: 'PUT', headers: bearer(server.firstStoreUrl), body: 'x'.repeat(1025) });
    expect(reply.status).toBe(413);
  });
});

describe('strange requests', () => {
  test('no path leads out of the store', async () => {
    const server = await serve(await temporaryFolder());
    const headers = bearer(server.firstStoreUrl);
    const paths = ['../tokens.json', '..%2f..%2ftokens.json', '%2e%2e/x', '.tmp/x', 'hint', 'A', 'a//b', 'a%00', 'x'.repeat(300), ''];
    for (const path of paths) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { status, text } = await raw(server.url, `/vault/objects/${path}`, { method, headers });
        expect([400, 404, 405, 414]).toContain(status);
        expect(text).toBe('');
      }
    }
  });

  test('bad ranges and bad listings are refused, an open end too', async () => {
    const server = await serve(await temporaryFolder());
    const headers = bearer(server.firstStoreUrl);
    await raw(server.url, '/vault/objects/ten', { method: 'PUT', headers, body: '0123456789' });
    for (const range of ['bytes=5-2', 'bytes=1-', 'bytes=-5', 'bytes=0-1,3-4', 'lines=1-2']) {
      expect((await raw(server.url, '/vault/objects/ten', { headers: { ...headers, range } })).status).toBe(400);
    }
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'prefix=../', 'prefix=a&prefix=b', 'after=%00']) {
      expect((await raw(server.url, `/vault/names?${query}`, { headers })).status).toBe(400);
    }
  });

  test('large headers end the connection, and the server goes on', async () => {
    const server = await serve(await temporaryFolder());
    const reply = await raw(server.url, '/health', { headers: { 'x-large': 'x'.repeat(100_000) } }).catch(() => undefined);
    expect(reply?.status ?? 431).toBe(431);
    expect(await raw(server.url, '/health')).toMatchObject({ status: 200, text: '{"ok":true}' });
  });

  test('its health is known without a token, and nothing else', async () => {
    const server = await serve(await temporaryFolder());
    expect((await raw(server.url, '/health')).status).toBe(200);
    for (const path of ['/', '/vault', '/vault/', '/vault/watch', '/vault/hint', '/vault/names']) {
      expect([401, 404]).toContain((await raw(server.url, path)).status);
    }
  });

  test('an object above or below another one can not be: a status and nothing more', async () => {
    const root = await temporaryFolder();
    const server = await serve(root);
    await writeFile(join(root, 'stores/vault/packs'), 'an object');
    const headers = bearer(server.firstStoreUrl);
    const reply = await raw(server.url, '/vault/objects/packs/a', { method: 'PUT', headers, body: 'x' });
    expect(reply).toMatchObject({ status: 400, text: '' });
  });
});

describe('uploads that end early', () => {
  test('are never visible and leave nothing behind', async () => {
    const root = await temporaryFolder();
    const server = await serve(root);
    const temporaries = join(root, 'stores/vault/.tmp');
    await mkdir(temporaries);
    const upload = beginRaw(server.url, '/vault/objects/genesis', {
      method: 'PUT',
      headers: { ...bearer(server.firstStoreUrl), 'content-length': '1000000' },
    });
    upload.on('error', () => undefined);
    upload.write(new Uint8Array(500_000));
    // Its first half is on the disk already, not in memory.
    const sizes = async (): Promise<number[]> =>
      Promise.all((await readdir(temporaries)).map(async (name) => (await stat(join(temporaries, name))).size));
    await expect.poll(sizes).toEqual([500_000]);
    const store = await connect(server.firstStoreUrl);
    expect(await store.get('genesis', some)).toBeUndefined();
    upload.destroy();
    await expect.poll(sizes).toEqual([]);
    expect(await store.get('genesis', some)).toBeUndefined();
    expect(await store.putNew('genesis', [utf8('whole')])).toBe('stored');
  });
});

describe('starting and stopping', () => {
  test('a root that cannot be, or an address in use, is said in words', async () => {
    const root = await temporaryFolder();
    await expect(serve(join(root, 'no/such'))).rejects.toMatchObject({ code: 'E_DISK' });
    const server = await serve(root);
    const port = Number(new URL(server.url).port);
    await expect(serve(await temporaryFolder(), { port })).rejects.toMatchObject({ code: 'E_BUSY' });
  });

  test('a running upload ends well, and nothing comes after it', async () => {
    const root = await temporaryFolder();
    const server = await serve(root);
    await mkdir(join(root, 'stores/vault/.tmp'));
    const upload = beginRaw(server.url, '/vault/objects/genesis', {
      method: 'PUT',
      headers: { ...bearer(server.firstStoreUrl), 'content-length': '10' },
    });
    const status = new Promise<number | undefined>((resolve, reject) => {
      upload.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      upload.on('error', reject);
    });
    upload.write('01234');
    await expect.poll(() => readdir(join(root, 'stores/vault/.tmp'))).toHaveLength(1);
    const closing = server.close();
    upload.end('56789');
    expect(await status).toBe(201);
    await closing;
    expect(await readFile(join(root, 'stores/vault/genesis'), 'utf8')).toBe('0123456789');
    await expect(raw(server.url, '/health')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('a device that retries does not notice a restart', async () => {
    const root = await temporaryFolder();
    const first = await serve(root);
    const port = Number(new URL(first.url).port);
    const store = await connect(first.firstStoreUrl);
    await store.putNew('a', [utf8('x')]);
    await first.close();
    const got = store.get('a', some);
    const put = store.putNew('b', [utf8('y')]);
    await serve(root, { port });
    expect(await got).toEqual(utf8('x'));
    expect(['stored', 'exists']).toContain(await put);
  });
});

test('a stranger who goes on sending after he was refused is cut off, a device of ours is not', async () => {
  const clock: Clock = { ...systemClock, sleep: (delayMs, signal) => systemClock.sleep(delayMs / 100, signal) };
  const server = await serve(await temporaryFolder(), { clock });
  const { port } = new URL(server.url);
  const send = (headers: string): { socket: net.Socket; heard: Promise<string> } => {
    const socket = net.connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.write(`PUT /vault/objects/packs/a HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: 1000\r\n\r\nbegun`);
    return { socket, heard: new Promise((resolve) => socket.once('data', (piece) => resolve(piece.toString()))) };
  };
  const stranger = send('');
  const gone = new Promise((resolve) => stranger.socket.once('close', resolve));
  expect(await stranger.heard).toContain('401');
  await gone;
  const { username } = new URL(server.firstStoreUrl ?? '');
  const device = send(`Authorization: Bearer ${username}\r\n`);
  device.socket.write('x'.repeat(995));
  expect(await device.heard).toContain('201');
});
