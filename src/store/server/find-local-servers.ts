import os from 'node:os';
import makeMulticast from 'multicast-dns';
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/failure.ts';
import { isOnLink, serverPorts, serverService } from './local-server.ts';

/** A store server of this network, as it says: nothing is known of it yet. */
export interface LocalServer {
  readonly host: string;
  readonly port: number;
}

export interface LookAround {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where to ask; the usual address and port of multicast DNS where left out. */
  readonly place?: { readonly interface: string; readonly bind: string; readonly port: number } | undefined;
}

/** Who does not answer within this time is not there; asked twice, as such questions get lost. */
const waitMs = 1500;
const askings = 2;
const foundMax = 20;

/** Asks this network, once. Throws E_FAILED where the system does not let us. */
export async function findLocalServers({ clock, signal, place }: LookAround): Promise<LocalServer[]> {
  const found = new Map<string, LocalServer>();
  const multicast = makeMulticast(place ?? {});
  const failed = new AbortController();
  multicast.on('error', (cause: Error) => failed.abort(cause));
  multicast.on('response', (packet, { address }) => {
    if (!isOnLink(address, os.networkInterfaces())) return;
    for (const port of serverPorts(packet)) if (found.size < foundMax) found.set(`${address}:${port}`, { host: address, port });
  });
  try {
    for (let asked = 0; asked < askings; asked += 1) {
      multicast.query(serverService, 'PTR');
      await clock.sleep(waitMs / askings, AbortSignal.any([signal, failed.signal]));
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new Failure('E_FAILED', 'this network can not be asked for servers', { action: "type the server's address", cause });
  } finally {
    multicast.destroy();
  }
  return [...found.values()].toSorted((a, b) => (a.host === b.host ? a.port - b.port : a.host < b.host ? -1 : 1));
}
