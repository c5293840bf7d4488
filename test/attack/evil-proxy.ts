import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does with a request instead of passing it on; undefined: it passes it on. */
export type Mischief = (request: { readonly method: string; readonly path: string }) => 'refuse' | 'hang up' | undefined;

/** Stands between devices and a store server, and answers in its place where it likes. */
export class EvilProxy {
  mischief: Mischief = () => undefined;
  /** Requests passed on or answered, as `METHOD path`. */
  readonly seen: string[] = [];
  readonly #server: http.Server;
  readonly #target: URL;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = http.createServer((request, response) => {
      this.#handle(request, response);
    });
  }

  static async start(target: string): Promise<EvilProxy> {
    const proxy = new EvilProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
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

  #handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method = '', url = '', headers } = request;
    this.seen.push(`${method} ${url}`);
    const what = this.mischief({ method, path: url });
    if (what === 'hang up') {
      request.socket.destroy();
      return;
    }
    if (what === 'refuse') {
      request.resume();
      response.writeHead(503).end();
      return;
    }
    const { hostname, port } = this.#target;
    const onward = http.request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}
