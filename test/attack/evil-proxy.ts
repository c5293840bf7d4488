import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came in. */
export interface Asked {
  readonly method: string;
  readonly path: string;
}

/**
 * What the proxy does with a request instead of passing it on and its answer back; undefined: nothing of the kind.
 * `refuse`, `hang up`: nothing happens in the store. `swallow`: nothing happens there, and it says that all went well.
 * `deny`: it happens, and the proxy says that the name was taken. `forget`: it happens, and nobody says so.
 * `repeat`: it happens twice. A number: that status, and nothing happens.
 */
export type Mischief = (request: Asked) => 'refuse' | 'hang up' | 'swallow' | 'deny' | 'forget' | 'repeat' | number | undefined;

/** Something that went through. */
export interface Passed extends Asked {
  readonly requestHeaders: http.IncomingHttpHeaders;
  readonly requestBytes: number;
  readonly status: number;
}

/** Changes an answer on its way back. */
export type Dresser = (asked: Asked, headers: http.IncomingHttpHeaders) => http.OutgoingHttpHeaders;

/** Stands between devices and a store server, and answers in its place where it likes. */
export class EvilProxy {
  mischief: Mischief = () => undefined;
  /** Called when the server has acted, before anybody hears of it. */
  after: (asked: Asked) => void = () => {};
  dress: Dresser = (_, headers) => headers;
  /** Requests passed on or answered, as `METHOD path`. */
  readonly seen: string[] = [];
  readonly passed: Passed[] = [];
  readonly #server: http.Server;
  readonly #target: URL;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = http.createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  static async start(target: string): Promise<EvilProxy> {
    const proxy = new EvilProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** As if it had never done anything. */
  behave(): void {
    this.mischief = () => undefined;
    this.after = () => {};
    this.dress = (_, headers) => headers;
    this.seen.length = 0;
    this.passed.length = 0;
  }

  /** The same URL, with this proxy in the server's place. */
  through(url: string): string {
    const changed = new URL(url);
    changed.port = String((this.#server.address() as AddressInfo).port);
    return changed.href;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const asked = { method: request.method ?? '', path: request.url ?? '' };
    this.seen.push(`${asked.method} ${asked.path}`);
    const what = this.mischief(asked);
    if (what === 'hang up') {
      request.socket.destroy();
      return;
    }
    if (what === 'refuse' || typeof what === 'number') {
      request.resume();
      response.writeHead(what === 'refuse' ? 503 : what, this.dress(asked, { ...mark })).end();
      return;
    }
    const body = await buffer(request);
    if (what === 'swallow') {
      response.writeHead(asked.path.endsWith('/hint') ? 204 : 201, mark).end();
      return;
    }
    const answer = await this.#forward(request, body);
    if (what === 'repeat') await this.#forward(request, body);
    this.after(asked);
    if (what === 'forget') response.destroy();
    else if (what === 'deny') response.writeHead(409, mark).end();
    else response.writeHead(answer.status, this.dress(asked, answer.headers)).end(answer.body);
  }

  async #forward(
    { method = '', url = '', headers }: http.IncomingMessage,
    body: Buffer,
  ): Promise<{ readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: Buffer }> {
    const { hostname, port } = this.#target;
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const onward = http.request({ hostname, port, method, path: url, headers }, resolve);
      onward.on('error', reject);
      onward.end(body);
    });
    const status = answer.statusCode ?? 502;
    this.passed.push({ method, path: url, requestHeaders: headers, requestBytes: body.length, status });
    return { status, headers: answer.headers, body: await buffer(answer) };
  }
}

/** Without it an answer is not taken for the store's. */
const mark = { 'cachette-store': '1' };
