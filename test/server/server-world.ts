import { request, type ClientRequest, type IncomingHttpHeaders } from 'node:http';

import { onTestFinished } from 'vitest';

import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/start-server.ts';
import { openStore } from '../../src/store/open-store.ts';
import { parseStoreUrl } from '../../src/store/parse-store-url.ts';
import type { Store } from '../../src/store/store.ts';

/** A server on this machine; closed after the test if the test does not do it. */
export async function serve(rootDir: string, options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ rootDir, host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** The store at a URL, as a device opens it: with retries and all. */
export async function connect(url: string | undefined): Promise<Store> {
  const store = await openStore(parseStoreUrl(url ?? ''), { clock: systemClock, random: systemRandom });
  onTestFinished(() => store.close());
  return store;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Raw {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** A request with nothing of our client in it. The path goes out as it is. */
export function raw(origin: string, path: string, ask: Raw = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = beginRaw(origin, path, ask);
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      response.on('error', reject);
    });
    sent.end(ask.body);
  });
}

/** As raw, but whoever calls writes the body and ends it, or does not. */
export function beginRaw(origin: string, path: string, { method = 'GET', headers = {} }: Raw): ClientRequest {
  const { hostname, port } = new URL(origin);
  return request({ hostname, port, path, method, headers, agent: false });
}

/** `Authorization` for the token in a store URL. */
export function bearer(url: string | undefined): Record<string, string> {
  return { authorization: `Bearer ${new URL(url ?? '').username}` };
}
