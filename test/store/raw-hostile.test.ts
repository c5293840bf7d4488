/** Servers that speak no HTTP that any library would let them: what they send is written byte by byte. */
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Failure } from '../../src/base/failure.ts';
import type { HttpPatience } from '../../src/store/http/http-connection.ts';
import { openHttpStore } from '../../src/store/http/http-store.ts';
import type { Store } from '../../src/store/store.ts';
import { clientOf, token } from './hostile-server.ts';

const hasty: HttpPatience = {
  connectMs: 250,
  answerMs: 300,
  speed: { windowMs: 250, minBytesPerSecond: 512, graceMs: 1000, minMeanBytesPerSecond: 512 },
};
const asked = { maxBytes: 1000 };
const mark = 'cachette-store: 1\r\n';

/** Whoever asks gets this; the connection stays open. */
async function speak(answer: (socket: Socket) => void): Promise<{ origin: string; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

/** Goes on for as long as somebody takes it; a little at a time, as the one who takes it is in this process. */
function flood(socket: Socket, text: string): void {
  if (socket.destroyed) return;
  socket.write(text.repeat(20), () => setImmediate(() => flood(socket, text)));
}

async function failureOf(act: Promise<unknown>): Promise<Failure> {
  const error: unknown = await act.then(
    (value) => new Error(`it went through: ${String(value)}`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof Failure)) throw error;
  expect(JSON.stringify([error.message, error.action, error.subject, error.stack, String(error.cause)])).not.toContain(token);
  return error;
}

async function clientAgainst(answer: (socket: Socket) => void): Promise<{ store: Store; sockets: Socket[] }> {
  const { origin, sockets } = await speak(answer);
  // Made by this process itself, which may be held up: a connection that was not made would be another failure.
  return { store: clientOf(origin, { ...hasty, connectMs: 30_000 }), sockets };
}

describe('a server that speaks no proper HTTP', () => {
  test.for([
    ['early hints without an end', (socket: Socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(100))],
    ['to go on, without an end', (socket: Socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))],
    ['header lines without an end', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n') && flood(socket, 'x: y\r\n'.repeat(100))],
    ['one header line without an end', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nx: ') && flood(socket, 'y'.repeat(1000))],
    ['a status line without an end', (socket: Socket) => flood(socket, 'HTTP/1.1 200 '.padEnd(1000, 'O'))],
    [
      'a chunk extension without an end',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n${mark}transfer-encoding: chunked\r\n\r\n1;`) && flood(socket, 'x'.repeat(1000)),
    ],
    [
      'trailers without an end',
      (socket: Socket) =>
        socket.write(`HTTP/1.1 200 OK\r\n${mark}transfer-encoding: chunked\r\n\r\n0\r\n`) && flood(socket, 'x: y\r\n'.repeat(100)),
    ],
    [
      'a chunk of more than there are numbers for',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n${mark}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nx`),
    ],
    ['two lengths', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n${mark}content-length: 1\r\ncontent-length: 2\r\n\r\nxy`)],
    ['a negative length', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n${mark}content-length: -1\r\n\r\nxy`)],
    [
      'a length and chunks',
      (socket: Socket) =>
        socket.write(`HTTP/1.1 200 OK\r\n${mark}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`),
    ],
    ['another protocol', (socket: Socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')],
    ['nothing that is HTTP', (socket: Socket) => socket.write('220 mail.example ESMTP\r\n')],
    ['a header with a NUL', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n')],
  ] as const)('%s: an end, and a word', async ([, answer]) => {
    const { store } = await clientAgainst(answer);
    const failure = await failureOf(store.get('a', asked));
    expect(['E_STORE_UNREACHABLE', 'E_LIMIT']).toContain(failure.code);
    expect(await store.putNew('a', [Buffer.from('x')]).catch((error: unknown) => error)).toSatisfy(
      (outcome: unknown) => outcome === 'unknown' || (outcome instanceof Failure && outcome.code === 'E_LIMIT'),
    );
  });

  test('a second answer that nobody asked for is not taken for the next one', async () => {
    const one = `HTTP/1.1 200 OK\r\n${mark}content-length: 1\r\n\r\n`;
    const { origin } = await speak((socket) => socket.write(`${one}x${one}y`));
    const store = clientOf(origin);
    expect(Buffer.from((await store.get('a', asked)) ?? []).toString()).toBe('x');
    expect(Buffer.from((await store.get('b', asked)) ?? []).toString()).toBe('x');
  });
});

describe('a proxy on the way that', () => {
  test.for([
    ['http', 'says nothing', () => undefined],
    ['http', 'makes a connection, and says nothing then', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
    ['http', 'asks for a password', (socket: Socket) => socket.end('HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n')],
    [
      'http',
      'says header lines without an end',
      (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n') && flood(socket, 'x: y\r\n'.repeat(100)),
    ],
    ['socks5', 'says nothing', () => undefined],
    ['socks5', 'speaks another protocol', (socket: Socket) => socket.write('220 mail.example ESMTP\r\n')],
    ['socks5', 'says one half, and nothing then', (socket: Socket) => socket.write(Buffer.of(5))],
  ] as const)('%s: %s: an end, and a word', async ([kind, , answer]) => {
    const { origin } = await speak(answer);
    const proxy = `${kind}://${new URL(origin).host}`;
    const options = { origin: 'https://store.invalid', name: 'vault', token, clock: systemClock, patience: hasty, route: { proxy } };
    const store = openHttpStore(options);
    onTestFinished(() => store.close());
    expect(await failureOf(store.get('a', asked))).toMatchObject({
      code: 'E_STORE_UNREACHABLE',
      message: expect.stringContaining(new URL(origin).host) as string,
    });
  });
});

test('TLS: no variable of the system makes us believe a certificate that does not verify', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name));
  let requests = 0;
  const server = createTlsServer({ key: fixture('untrusted-key.pem'), cert: fixture('untrusted-certificate.pem') }, (_, response) => {
    requests += 1;
    response.end();
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const store = clientOf(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await failureOf(store.get('a', asked))).toMatchObject({ message: expect.stringContaining('trustworthy') as string });
  expect(requests).toBe(0);
});
