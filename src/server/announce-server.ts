import makeMulticast from 'multicast-dns';
import { toHex } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';
import { asksForServers, serverRecords } from '../store/server/local-server.ts';

export interface Announcing {
  readonly port: number;
  readonly random: Random;
  /** What keeps others from hearing of it; the server itself goes on. */
  readonly onTrouble: (error: Error) => void;
  /** Where to tell; the usual address and port of multicast DNS where left out. */
  readonly place?: { readonly interface: string; readonly bind: string; readonly port: number } | undefined;
}

/** Answers whoever of this network asks for store servers, until it is closed; then it takes that back. */
export function announceServer({ port, random, onTrouble, place }: Announcing): { close(): Promise<void> } {
  // Another one at each start: it is no name of anything.
  const label = `cachette-${toHex(random.bytes(4))}`;
  const multicast = makeMulticast(place ?? {});
  const records = serverRecords(label, port);
  multicast.on('error', onTrouble);
  multicast.on('query', (packet, asker) => {
    if (!asksForServers(packet)) return;
    multicast.respond({ answers: records });
    // Of several networks, only one hears the above.
    multicast.respond({ answers: records }, asker);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        multicast.respond({ answers: serverRecords(label, port, { isGoing: true }) }, () => multicast.destroy(() => resolve()));
      }),
  };
}
