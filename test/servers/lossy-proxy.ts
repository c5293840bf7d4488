import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What happens to a request: handed on; not handed on, and the connection cut; handed on, and cut in the place of the answer. */
export type Fate = 'pass' | 'lose-request' | 'lose-reply';

/** Stands between clients and a store server and loses some of what they say to each other. */
export interface LossyProxy {
  /** The store at this URL, by way of this proxy. */
  via(storeUrl: string): string;
  /** Asked for each request in the order they come. */
  fate: () => Fate;
  readonly counts: Record<Fate, number>;
}

/** Lets everything pass until told otherwise; closed after the test. */
export async function openLossyProxy(): Promise<LossyProxy> {
  const agent = new http.Agent({ keepAlive: true });
  let target = 0;
  const proxy: LossyProxy = {
    via: (storeUrl) => {
      // As http: only then is the port taken apart in the same way for every scheme.
      const [scheme = '', rest = ''] = storeUrl.split('://');
      const url = new URL(`http://${rest}`);
      target = Number(url.port);
      url.port = String((server.address() as AddressInfo).port);
      return `${scheme}${url.href.slice('http'.length)}`;
    },
    fate: () => 'pass',
    counts: { pass: 0, 'lose-request': 0, 'lose-reply': 0 },
  };
  const server = http.createServer((request, response) => {
    const fate = proxy.fate();
    proxy.counts[fate] += 1;
    pass(agent, target, fate, { request, response }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    agent.destroy();
  });
  return proxy;
}

async function pass(
  agent: http.Agent,
  port: number,
  fate: Fate,
  { request, response }: { readonly request: http.IncomingMessage; readonly response: http.ServerResponse },
): Promise<void> {
  const body = await buffer(request);
  if (fate === 'lose-request') {
    response.destroy();
    return;
  }
  const answer = await ask(agent, port, request, body);
  if (fate === 'lose-reply') response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}

interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer;
}

function ask(agent: http.Agent, port: number, { method, url, rawHeaders: headers }: http.IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Headers as they came, the host among them: signatures cover it.
    const asked = http.request({ host: '127.0.0.1', port, method, path: url, headers, agent }, (answer) => {
      const passedOn = withoutFraming(answer.rawHeaders);
      buffer(answer).then((bytes) => resolve({ status: answer.statusCode ?? 500, headers: passedOn, body: bytes }), reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The answer goes on in one piece, over another connection. */
function withoutFraming(rawHeaders: readonly string[]): string[] {
  return rawHeaders.flatMap((_, index) => {
    if (index % 2 === 1) return [];
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    return /^(?:transfer-encoding|connection|keep-alive)$/i.test(name) ? [] : [name, value];
  });
}
