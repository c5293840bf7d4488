import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { Failure } from '../base/failure.ts';
import { TransferWatch } from '../store/http/transfer-watch.ts';
import { Refusal } from './refusal.ts';
import type { Upload } from './served-store.ts';

/** A client may be slowed down on purpose, to a trickle, but not to nothing. */
const slowest = { windowMs: 60_000, minBytesPerSecond: 64, graceMs: 60_000, minMeanBytesPerSecond: 64 };

/** The body of a request as a stream of known size. Throws Refusal: 411 without a length, 413 above `maxBytes`. */
export function readUpload(request: FastifyRequest, maxBytes: number, clock: Clock): Upload {
  const length = request.headers['content-length'];
  if (length === undefined || !/^\d{1,15}$/.test(length)) throw new Refusal(411);
  const sizeBytes = Number(length);
  if (sizeBytes > maxBytes) throw new Refusal(413);
  return { sizeBytes, bytes: sizeBytes === 0 ? none() : pieces(request.body as Readable, sizeBytes, clock) };
}

/** All of a small body. */
export async function readSmallUpload(request: FastifyRequest, maxBytes: number, clock: Clock): Promise<Uint8Array> {
  const received: Uint8Array[] = [];
  for await (const piece of readUpload(request, maxBytes, clock).bytes) received.push(piece);
  return Buffer.concat(received);
}

async function* pieces(body: Readable, sizeBytes: number, clock: Clock): AsyncGenerator<Uint8Array> {
  let receivedBytes = 0;
  const watch = new TransferWatch(clock, slowest, () => {
    body.destroy(cutShort());
  });
  watch.start();
  try {
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      receivedBytes += piece.byteLength;
      watch.moved(piece.byteLength);
      yield piece;
    }
  } catch {
    throw cutShort();
  } finally {
    watch.stop();
  }
  if (receivedBytes !== sizeBytes) throw cutShort();
}

async function* none(): AsyncGenerator<Uint8Array> {
  // An empty object has no pieces.
}

function cutShort(): Failure {
  return new Failure('E_STORE_UNREACHABLE', 'the upload ended early');
}
