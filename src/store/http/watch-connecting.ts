import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';

export interface Connecting {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly limitMs: number;
  /** The one that makes the request's connection. */
  readonly agent: Agent;
  readonly onStall: () => void;
}

/**
 * Watches a request until it has a connection that is ready to use, TLS and all. The HTTP client does that itself, but only once it has a
 * socket: where a proxy on the way says nothing, it never has one. A request that waits for a connection of another one to be free is not
 * late.
 */
export function watchConnecting(sent: ClientRequest, { clock, limitMs, agent, onStall }: Connecting): void {
  const ready = new AbortController();
  const isReady = (): void => ready.abort();
  sent.once('socket', (socket: Socket & { readonly secureConnecting?: boolean }) => {
    if (socket.secureConnecting === true) socket.once('secureConnect', isReady);
    else if (socket.connecting) socket.once('connect', isReady);
    else isReady();
  });
  sent.once('close', isReady);
  void wait();

  async function wait(): Promise<void> {
    for (;;) {
      try {
        await clock.sleep(limitMs, ready.signal);
      } catch {
        return;
      }
      if (!isQueued(sent, agent)) {
        onStall();
        return;
      }
    }
  }
}

function isQueued(sent: ClientRequest, agent: Agent): boolean {
  return Object.values(agent.requests).some((waiting) => (waiting as readonly unknown[] | undefined)?.includes(sent) === true);
}
