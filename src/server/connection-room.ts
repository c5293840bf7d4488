import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkOf } from './network-of.ts';

interface Connection {
  readonly socket: Duplex;
  readonly network: string;
  /** Somebody showed a valid token over it. */
  readonly isKnown: boolean;
}

/**
 * Room for so many connections. Once it is full, a newcomer gets the place of a stranger, one over which nobody has shown a valid token: else
 * whoever can open connections, which takes no token, keeps all devices out. The network with most strangers loses its oldest, so that a
 * device that comes from elsewhere has time to show its token, however fast others come. Whoever showed one keeps the place.
 */
export class ConnectionRoom {
  readonly #places: number;
  /** Oldest first. By the two ends: of a connection with TLS, events and requests show different sockets. */
  readonly #connections = new Map<string, Connection>();

  constructor(places: number) {
    this.#places = places;
  }

  /** Looks after all that come to the server from now on. */
  watch(server: Server): void {
    // Above our own limit, for those that were shown out and are not gone yet.
    server.maxConnections = this.#places * 2;
    server.on('connection', (socket: Socket) => this.#enter(socket));
  }

  /** A valid token came with this request. */
  know({ socket }: IncomingMessage): void {
    const ends = endsOf(socket);
    const connection = this.#connections.get(ends);
    if (connection !== undefined) this.#connections.set(ends, { ...connection, isKnown: true });
  }

  #enter(socket: Socket): void {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const ends = endsOf(socket);
    this.#connections.set(ends, { socket, network: networkOf(remoteAddress), isKnown: false });
    socket.once('close', () => this.#leave(ends, socket));
    if (this.#connections.size <= this.#places) return;
    const strangers = [...this.#connections].filter(([, { isKnown }]) => !isKnown);
    const leaving = chooseLeaving(strangers.map(([key, { network }]) => ({ key, network })));
    const shownOut = leaving === undefined ? undefined : this.#connections.get(leaving);
    if (leaving === undefined || shownOut === undefined) return;
    this.#leave(leaving, shownOut.socket);
    shownOut.socket.destroy();
  }

  /** The same ends may be another connection's by then. */
  #leave(ends: string, socket: Duplex): void {
    if (this.#connections.get(ends)?.socket === socket) this.#connections.delete(ends);
  }
}

/** The oldest of the network that has most; of two that have as many, of the one that came first. Oldest first is how they are given. */
export function chooseLeaving(strangers: readonly { readonly key: string; readonly network: string }[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { network } of strangers) counts.set(network, (counts.get(network) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return strangers.find(({ network }) => counts.get(network) === most)?.key;
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
