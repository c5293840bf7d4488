import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ServerUnderTest } from './server-kind.ts';
import { freePort, type ProcessSpec, ServerProcess } from './server-process.ts';

/** Where a WebDAV server keeps its things, and who may ask it. */
export interface WebdavPlace {
  readonly port: number;
  /** The folder that it serves. */
  readonly data: string;
  /** For its configuration, locks and temporary files. */
  readonly state: string;
  readonly logFile: string;
  readonly user: string;
  readonly password: string;
  /** `user:{SHA}…`: a file of such lines is what servers look passwords up in. */
  readonly passwordLine: string;
}

const user = 'anna@example.org';
/** Nothing that may go wrong in a URL or a header is left out. */
const password = 'pä%s/w#r?d:2@';

/** Starts a WebDAV server; `configure` writes what it needs and says how it is run. */
export async function startWebdav(configure: (place: WebdavPlace) => ProcessSpec): Promise<ServerUnderTest> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-webdav-'));
  const place = {
    port: await freePort(),
    data: path.join(top, 'data'),
    state: path.join(top, 'state'),
    logFile: path.join(top, 'log'),
    user,
    password,
    passwordLine: `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}\n`,
  };
  // A server started by root works as somebody else, who has to get there.
  fs.chmodSync(top, 0o755);
  makeOpenFolder(place.data);
  makeOpenFolder(place.state);
  const server = new ServerProcess(configure(place));
  let stores = 0;
  const gone = (): void => fs.rmSync(top, { recursive: true, force: true });
  try {
    await server.start();
  } catch (error) {
    gone();
    throw error;
  }
  return {
    newStoreUrl: () => {
      stores += 1;
      const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
      return Promise.resolve(`webdav+http://${credentials}@127.0.0.1:${place.port}/store%20${stores}`);
    },
    kill: () => server.kill(),
    restart: () => server.start(),
    stop: async () => {
      await server.stop();
      gone();
    },
  };
}

function makeOpenFolder(folder: string): void {
  fs.mkdirSync(folder);
  fs.chmodSync(folder, 0o777);
}
