import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: string;
  readonly requestBody: Buffer;
  readonly responseBody: Buffer;
}

/** Stands between the program and a store server: sees all that is sent, and may meddle with it. */
export interface TrafficProxy {
  readonly exchanges: Exchange[];
  /** The store's URL, by way of this proxy. */
  readonly url: string;
  /** Called before a request is handed on, which waits for it. */
  beforeRequest: (method: string, path: string) => void | Promise<void>;
  /** Called when the server has acted, before the program hears of it. */
  afterRequest: (method: string, path: string) => void;
  /** Resolves when nothing is under way any more, also of what a killed program had asked for. */
  settle(): Promise<void>;
}

export async function openTrafficProxy(storeUrl: string): Promise<TrafficProxy> {
  const target = new URL(storeUrl);
  const exchanges: Exchange[] = [];
  const nothing = (): void => {};
  const hooks = { beforeRequest: nothing as TrafficProxy['beforeRequest'], afterRequest: nothing as TrafficProxy['afterRequest'] };
  const underWay = new Set<Promise<unknown>>();
  const settle = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.all(underWay);
  };
  const server = http.createServer((request, response) => {
    const { method = '', url = '' } = request;
    const exchange = (async () => {
      const requestBody = await buffer(request);
      await hooks.beforeRequest(method, url);
      const answer = await forward(target, request, requestBody);
      hooks.afterRequest(method, url);
      exchanges.push({ method, path: url, requestHeaders: JSON.stringify(request.rawHeaders), requestBody, responseBody: answer.body });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    })().catch(() => response.destroy());
    underWay.add(exchange);
    void exchange.then(() => underWay.delete(exchange));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(hooks, { exchanges, settle, url: `http://${target.username}@127.0.0.1:${port}${target.pathname}` });
}

interface Answer {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
}

function forward(target: URL, { method, url, headers }: http.IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = http.request({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      buffer(answer).then((bytes) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: bytes }), reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
