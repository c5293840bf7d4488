import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeBucket } from './make-bucket.ts';
import type { ServerKind, ServerUnderTest } from './server-kind.ts';
import { freePort, ServerProcess } from './server-process.ts';

/** Its one account. */
const keys = { keyId: 'S3RVER', secret: 'S3RVER' };

/** s3rver, poor on purpose: knows no conditions, and shows half of an object whose writer is gone. */
export const s3rver: ServerKind = {
  name: 's3rver',
  packages: [],
  needs: [path.join(import.meta.dirname, '../../node_modules/@20minutes/s3rver')],
  refusesExisting: 'never',
  failsAtEmpty: true,
  mixesWriters: true,
  start,
};

async function start(): Promise<ServerUnderTest> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cachette-s3rver-'));
  const port = await freePort();
  const server = new ServerProcess({
    command: process.execPath,
    args: [path.join(import.meta.dirname, 's3rver-process.ts'), String(port), path.join(folder, 'data')],
    logFile: path.join(folder, 'log'),
    port,
  });
  await server.start();
  let buckets = 0;
  return {
    newStoreUrl: async () => {
      buckets += 1;
      const bucket = `bucket${buckets}`;
      const origin = `http://127.0.0.1:${port}`;
      await makeBucket({ origin, bucket, keys });
      return `s3+${origin.replace('//', `//${keys.keyId}:${keys.secret}@`)}/${bucket}/some/folder`;
    },
    kill: () => server.kill(),
    restart: () => server.start(),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
