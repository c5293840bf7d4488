import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { startServer } from '../../src/server/start-server.ts';
import { EvilProxy } from './evil-proxy.ts';
import { VaultFixture } from './vault-fixture.ts';

/** A vault on a store server that is only reached through a proxy; gone after the last test of the file. */
export async function openServedVault(): Promise<{ readonly fixture: VaultFixture; readonly proxy: EvilProxy }> {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-attack-'));
  const server = await startServer({ rootDir: path.join(place, 'root'), host: '127.0.0.1', port: 0 });
  const proxy = await EvilProxy.start(server.url);
  const url = proxy.through(server.firstStoreUrl ?? '');
  const fixture = await VaultFixture.make({ served: { url, dir: path.join(place, 'root/stores/vault') } });
  afterAll(async () => {
    fixture.remove();
    await proxy.close();
    await server.close();
    fs.rmSync(place, { recursive: true, force: true });
  });
  return { fixture, proxy };
}
