import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy on this machine, and where it was asked to connect to: `host:port`. */
export interface TestProxy {
  readonly host: string;
  readonly asked: string[];
}

/** Tunnels by CONNECT and hands on plain requests, for those who give `credentials` (`user:password`) where there are any. */
export async function openHttpProxy(credentials?: string): Promise<TestProxy> {
  const asked: string[] = [];
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = http.createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '');
    asked.push(url.host);
    if (wanted !== undefined && incoming.headers['proxy-authorization'] !== wanted) {
      outgoing.writeHead(407).end();
      return;
    }
    const onward = http.request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on('connect', (request, socket: net.Socket) => {
    asked.push(request.url ?? '');
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    join(
      socket,
      net.connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
    );
  });
  return { host: await listen(server), asked };
}

const addressKinds = { 1: 'address', 3: 'name' } as const;

/** SOCKS 5 without a password. Says by `name:` or `address:` in what form it was given the host. */
export async function openSocksProxy(): Promise<TestProxy> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    socket.once('data', () => {
      socket.once('data', (request: Buffer) => {
        const kind = addressKinds[request[3] as 1 | 3];
        const length = kind === 'name' ? (request[4] ?? 0) : 4;
        const start = kind === 'name' ? 5 : 4;
        const host = request.subarray(start, start + length);
        const port = request.readUInt16BE(start + length);
        const name = kind === 'name' ? host.toString() : host.join('.');
        asked.push(`${kind}:${name}:${port}`);
        join(
          socket,
          net.connect(port, name, () => socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))),
        );
      });
      socket.write(Buffer.from([5, 0]));
    });
  });
  return { host: await listen(server), asked };
}

function join(near: net.Socket, far: net.Socket): void {
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
  near.pipe(far).pipe(near);
}

async function listen(server: net.Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
