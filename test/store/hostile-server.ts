import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { onTestFinished } from 'vitest';

import { systemClock } from '../../src/base/clock.ts';
import type { HttpPatience } from '../../src/store/http/http-connection.ts';
import { openHttpStore } from '../../src/store/http/http-store.ts';
import { serverMark } from '../../src/store/server/server-protocol.ts';
import type { Store } from '../../src/store/store.ts';

export const token = 'TOKEN-that-nobody-may-see';

/** What came in at a listener. */
export interface Seen {
  readonly requests: IncomingMessage[];
  readonly sockets: Socket[];
}

export interface Listener extends Seen {
  readonly origin: string;
  readonly server: Server;
}

/** A server of a test's own making; it is gone after the test. */
export async function listen(respond: RequestListener): Promise<Listener> {
  const seen: Seen = { requests: [], sockets: [] };
  const server = createServer((request, response) => {
    seen.requests.push(request);
    respond(request, response);
  });
  server.on('connection', (socket) => {
    seen.sockets.push(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...seen, server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A client of the server at an origin, by default a patient one. */
export function clientOf(origin: string, patience?: HttpPatience): Store {
  const store = openHttpStore({ origin, name: 'vault', token, clock: systemClock, patience });
  onTestFinished(() => store.close());
  return store;
}

/** A client and a server that answers everything in the same way, with the mark of the real one. */
export async function clientOfAnswer(respond: RequestListener, patience?: HttpPatience): Promise<Listener & { readonly store: Store }> {
  const listener = await listen((request, response) => {
    response.setHeader(serverMark.header, serverMark.value);
    respond(request, response);
  });
  return { ...listener, store: clientOf(listener.origin, patience) };
}

/** Answers after the whole request was read, as a polite server does. */
export function answer(status: number, body: string | Uint8Array = '', headers: Record<string, string> = {}): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(status, headers).end(body);
    });
  };
}
