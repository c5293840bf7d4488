import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../base/clock.ts';
import { listLimitMax } from '../store/http/check-request.ts';
import type { OpenObject } from '../store/folder/folder-files.ts';
import { isNamePrefix, isObjectName } from '../store/object-name.ts';
import { serverPaths } from '../store/server/server-protocol.ts';
import type { Gate } from './gate.ts';
import { readUpload } from './read-upload.ts';
import { Refusal } from './refusal.ts';

/** The largest pack is 17 MiB; the rest is room for what a later format adds. */
const objectMaxBytes = 17 * 1024 * 1024 + 64 * 1024;
const statusOfOutcome = { stored: 201, exists: 409, unknown: 503 } as const;

/** PUT, GET, DELETE and LIST of objects. */
export function addObjectRoutes(app: FastifyInstance, gate: Gate, clock: Clock): void {
  const objectPath = serverPaths.object(':store', '*');

  app.put(objectPath, async (request, reply) => {
    const { store, grant } = gate.admit(request, 'use');
    const outcome = await store.put(objectName(request), readUpload(request, objectMaxBytes, clock), grant.quotaBytes);
    return reply.code(statusOfOutcome[outcome]).send();
  });

  app.get(objectPath, async (request, reply) => {
    const { store } = gate.admit(request, 'use');
    const range = parseRange(request.headers.range);
    const object = await store.folder.openObject(objectName(request));
    if (object === undefined) throw new Refusal(404);
    return sendObject(reply, object, range);
  });

  app.delete(objectPath, async (request, reply) => {
    const { store } = gate.admit(request, 'delete');
    await store.delete(objectName(request));
    return reply.code(204).send();
  });

  app.get(serverPaths.names(':store'), async (request, reply) => {
    const { store } = gate.admit(request, 'use');
    const { prefix = '', after = '', limit = listLimitMax } = request.query as { readonly [key: string]: unknown };
    const count = Number(limit);
    if (typeof prefix !== 'string' || typeof after !== 'string' || !isNamePrefix(prefix) || !isNamePrefix(after)) throw new Refusal(400);
    if (!Number.isSafeInteger(count) || count < 1 || count > listLimitMax) throw new Refusal(400);
    return reply.send(await store.folder.list(prefix, { after, limit: count }));
  });
}

function objectName(request: FastifyRequest): string {
  const name = (request.params as { readonly '*'?: string })['*'] ?? '';
  if (!isObjectName(name)) throw new Refusal(400);
  return name;
}

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One range with both ends, which is all that our client asks for. */
function parseRange(header: string | undefined): ByteRange | undefined {
  if (header === undefined) return undefined;
  const [, start, end] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header) ?? [];
  if (start === undefined || end === undefined || Number(end) < Number(start)) throw new Refusal(400);
  return { start: Number(start), end: Number(end) };
}

async function sendObject(reply: FastifyReply, { sizeBytes, handle }: OpenObject, range: ByteRange | undefined): Promise<FastifyReply> {
  const start = range?.start ?? 0;
  const end = Math.min(range?.end ?? Infinity, sizeBytes - 1);
  void reply.header('content-type', 'application/octet-stream');
  if (range !== undefined && start >= sizeBytes) {
    await handle.close();
    return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send();
  }
  void reply.code(range === undefined ? 200 : 206).header('content-length', end - start + 1);
  if (range !== undefined) void reply.header('content-range', `bytes ${start}-${end}/${sizeBytes}`);
  if (sizeBytes > 0) return reply.send(handle.createReadStream({ start, end }));
  await handle.close();
  return reply.send();
}
