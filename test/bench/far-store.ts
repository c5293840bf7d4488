/** An S3 server (Ceph's gateway) behind a slow link, as clients have it in the cloud: Cachette beside rclone crypt. */
import path from 'node:path';
import { ceph } from '../servers/ceph.ts';
import { freePort } from '../servers/server-process.ts';
import { Background } from './background.ts';
import { inPlace, throughAll, type DataSet, type Measurements } from './bench-tasks.ts';
import { cachette, rclone, type Contender } from './contender.ts';

/** How far away, and how wide the way is. */
export interface Link {
  readonly delayMs: number;
  /** Megabits a second in each direction; 0: as much as goes. */
  readonly megabit: number;
}

/** The contenders that speak S3, one run each. The same server for all, each with a bucket of its own. */
export async function throughLink(measurements: Measurements, data: DataSet, link: Link, there: readonly Contender[]): Promise<void> {
  const name = `${data.name}, ${[link.delayMs > 0 ? `${link.delayMs} ms away` : '', link.megabit > 0 ? `${link.megabit} Mbit/s` : ''].filter((each) => each !== '').join(', ')}`;
  const server = await ceph.start();
  try {
    for (const contender of [cachette, rclone].filter((each) => there.includes(each))) {
      await inPlace(data, async (place) => {
        const { store, stop } = await via(link, await server.newStoreUrl(), path.join(place.work, 'link.log'));
        try {
          throughAll(measurements, contender, { ...data, name }, { ...place, store });
        } finally {
          await stop();
        }
      });
    }
  } finally {
    await server.stop();
  }
}

/** The store by way of a link of its own. */
async function via({ delayMs, megabit }: Link, storeUrl: string, logFile: string): Promise<{ store: string; stop: () => Promise<void> }> {
  const port = await freePort();
  // As http: only then is the port taken apart.
  const url = new URL(storeUrl.slice('s3+'.length));
  const args = [path.join(import.meta.dirname, 'slow-link.ts'), ...[port, url.port, delayMs, megabit].map(String)];
  const background = await Background.start({ program: process.execPath, args }, logFile, port);
  url.port = String(port);
  return { store: `s3+${url.href}`, stop: () => background.stop() };
}
