import { describe, expect, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { bearer, connect, raw, serve } from './server-world.ts';

describe('waiting for news', () => {
  test('the first watch ends at once, a later one when another device puts a hint', async () => {
    const server = await serve(await temporaryFolder());
    const laptop = await connect(server.firstStoreUrl);
    const desk = await connect(server.firstStoreUrl);
    await laptop.watch?.({});
    let isWoken = false;
    const watching = laptop.watch?.({}).then(() => {
      isWoken = true;
    });
    await desk.putNew('packs/a', [utf8('x')]);
    expect(isWoken).toBe(false);
    await desk.putHint(utf8('1'));
    await watching;
    expect(isWoken).toBe(true);
  });

  test('a hint put between two watches is not missed', async () => {
    const server = await serve(await temporaryFolder());
    const laptop = await connect(server.firstStoreUrl);
    await laptop.watch?.({});
    await (await connect(server.firstStoreUrl)).putHint(utf8('1'));
    await expect(laptop.watch?.({})).resolves.toBeUndefined();
  });

  test('a watch ends by itself after its time', async () => {
    const server = await serve(await temporaryFolder(), { watchHoldMs: 50 });
    const laptop = await connect(server.firstStoreUrl);
    await laptop.watch?.({});
    await expect(laptop.watch?.({})).resolves.toBeUndefined();
  });

  test('stores do not wake each other', async () => {
    const server = await serve(await temporaryFolder(), { watchHoldMs: 300 });
    const mine = server.firstStoreUrl;
    const other = await connect(await server.addToken('other'));
    const cursorOf = async (since: string): Promise<string> =>
      (await raw(server.url, `/vault/watch?since=${since}`, { headers: bearer(mine) })).text;
    const first = await cursorOf('');
    await other.putHint(utf8('1'));
    const { cursor } = JSON.parse(first) as { cursor: string };
    expect(await cursorOf(cursor)).toBe(first);
  });

  test('a stopping server ends every watch well, and a started one wakes at once', async () => {
    const root = await temporaryFolder();
    const server = await serve(root);
    const port = Number(new URL(server.url).port);
    const laptop = await connect(server.firstStoreUrl);
    await laptop.watch?.({});
    const watching = laptop.watch?.({});
    // A request that comes after the watch's has been answered: the watch is being held.
    await laptop.getHint(undefined);
    await server.close();
    await watching?.catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    });
    await serve(root, { port });
    await expect(laptop.watch?.({})).resolves.toBeUndefined();
  });

  test('too many watchers are told to come back, the store goes on', async () => {
    const server = await serve(await temporaryFolder());
    const headers = bearer(server.firstStoreUrl);
    const { cursor } = JSON.parse((await raw(server.url, '/vault/watch?since=', { headers })).text) as { cursor: string };
    const replies = Array.from({ length: 140 }, () => raw(server.url, `/vault/watch?since=${cursor}`, { headers }));
    const first = await Promise.race(replies);
    expect(first).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    expect((await raw(server.url, '/vault/hint', { method: 'PUT', headers, body: 'x' })).status).toBe(204);
    const statuses = (await Promise.all(replies)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(128);
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
  });
});
