import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../base/clock.ts';
import { hintMaxBytes } from '../store/http/check-request.ts';
import { serverPaths } from '../store/server/server-protocol.ts';
import type { Gate } from './gate.ts';
import { readSmallUpload } from './read-upload.ts';
import { Refusal } from './refusal.ts';

/** The one mutable object, and waiting for it to change. */
export function addHintRoutes(app: FastifyInstance, gate: Gate, clock: Clock): void {
  app.put(serverPaths.hint(':store'), async (request, reply) => {
    const { store } = gate.admit(request, 'use');
    await store.folder.putHint(await readSmallUpload(request, hintMaxBytes, clock));
    store.news.post();
    return reply.code(204).send();
  });

  app.get(serverPaths.hint(':store'), async (request, reply) => {
    const { store } = gate.admit(request, 'use');
    const hint = await store.folder.getHint(undefined);
    if (hint === undefined) throw new Refusal(404);
    const etag = `"${hint.tag}"`;
    void reply.header('etag', etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.header('content-type', 'application/octet-stream').send(Buffer.from(hint.bytes));
  });

  app.get(serverPaths.watch(':store'), async (request, reply) => {
    const { store } = gate.admit(request, 'use');
    const { since } = request.query as { readonly since?: unknown };
    await store.news.wait(typeof since === 'string' ? since : '', whenGone(reply));
    return { cursor: store.news.cursor };
  });
}

function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    gone.abort();
  });
  return gone.signal;
}
