/**
 * A slow network before a server on this machine: `node slow-link.ts PORT TARGET-PORT DELAY-MS MEGABIT` (per second and direction; 0: any).
 * Everything is late by half of the delay in each direction, and so is the first word of a new connection, as by its handshake.
 */
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [port = 0, targetPort = 0, delayMs = 0, megabit = 0] = process.argv.slice(2).map(Number);
const bytesPerMs = megabit === 0 ? Number.POSITIVE_INFINITY : (megabit * 1e6) / 8 / 1000;
const pieceBytes = 64 * 1024;

/** All connections share it. */
class Direction {
  /** When the line has carried all that it was given. */
  #freeMs = 0;

  /** Resolves when so many bytes, given now, have left the near end; `arriveMs`: when they are at the far end. */
  async carry(bytes: number): Promise<{ readonly arriveMs: number }> {
    const nowMs = performance.now();
    this.#freeMs = Math.max(this.#freeMs, nowMs) + bytes / bytesPerMs;
    const leaveMs = this.#freeMs - nowMs;
    // What a network card holds: shorter sleeps than timers can keep would make the line slower than it is.
    if (leaveMs > 4) await sleep(leaveMs - 2);
    return { arriveMs: this.#freeMs + delayMs / 2 };
  }
}

const there = new Direction();
const back = new Direction();

async function pass(from: net.Socket, to: net.Socket, direction: Direction): Promise<void> {
  let last = Promise.resolve();
  for await (const chunk of from as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      const { arriveMs } = await direction.carry(piece.length);
      last = last.then(async () => {
        const waitMs = arriveMs - performance.now();
        if (waitMs > 0.5) await sleep(waitMs);
        if (!to.destroyed && !to.write(piece)) await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
      });
    }
  }
  await last;
  to.end();
}

net
  .createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const server = net.connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    client.on('error', end);
    server.on('error', end);
    // A handshake is there and back before the first word.
    void sleep(delayMs)
      .then(() => pass(client, server, there))
      .catch(end);
    void pass(server, client, back).catch(end);
  })
  .listen(port, '127.0.0.1');
