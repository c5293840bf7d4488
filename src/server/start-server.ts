import { mkdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { toHex } from '../base/bytes.ts';
import { errnoOf } from '../base/errno.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { Failure } from '../base/failure.ts';
import { type Random, systemRandom } from '../base/random.ts';
import { createStoreFolder, openFolderStore } from '../store/folder/folder-store.ts';
import { isServerStoreName, serverMark, watchHoldMs } from '../store/server/server-protocol.ts';
import { ConnectionRoom } from './connection-room.ts';
import { Gate } from './gate.ts';
import { addHintRoutes } from './hint-routes.ts';
import { NewsBoard } from './news-board.ts';
import { addObjectRoutes } from './object-routes.ts';
import { toRefusal } from './refusal.ts';
import { ServedStore } from './served-store.ts';
import { TokenFile, type TokenRights } from './token-file.ts';

export interface ServerOptions {
  /** Holds the tokens and, in `stores`, one folder per store. Made when its parent exists. */
  readonly rootDir: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM texts; without them the server speaks plain HTTP and wants a proxy before it on any open network. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** Makes this process the root's only server, or throws; two would count quotas and tell of news each for itself. */
  readonly lockRoot?: ((rootDir: string) => RootLock) | undefined;
  /** Whether a token is wanted also on a later start, as nobody can show the first one again. */
  readonly newToken?: boolean | undefined;
  /** How long a watch is held at most. */
  readonly watchHoldMs?: number | undefined;
  /** How many connections there may be at once; 512 unless given. */
  readonly places?: number | undefined;
}

/** Held until the server is closed. */
interface RootLock {
  release(): void;
}

export interface RunningServer {
  /** `http://host:port`, without a token. */
  readonly url: string;
  /** On the very first start, or where another one is wanted: the store URL with a fresh token. Nobody can show it again. */
  readonly firstStoreUrl: string | undefined;
  /** Makes a token, and its store where that is new. Resolves to the store URL with the token in it. */
  addToken(store: string, rights?: TokenRights): Promise<string>;
  /** Lets running requests end (for at most 10 seconds), ends the long polls. */
  close(): Promise<void>;
}

const firstStore = 'vault';
const defaultPlaces = 512;
const maxHeaderBytes = 16 * 1024;
/** For TLS, and then for the head of a request, with the token in it. Longer than a line of 2 KB/s needs for both. */
const headersTimeoutMs = 15_000;
/** How often that is looked at. */
const checkConnectionsMs = 5_000;
/** Slow uploads are judged by their speed (read-upload.ts); this only bounds what escapes that. The largest pack takes 5 hours at 1 KB/s. */
const requestTimeoutMs = 12 * 60 * 60 * 1000;
/** Of a connection on which nothing moves; longer than a watch. */
const silenceTimeoutMs = 120_000;
const closeWithinMs = 10_000;
/** What a stranger still sends after he was refused is waited for no longer; a device of ours hears of it and stops. */
const strangerMaxMs = 10_000;

/** The small store server. Throws E_DISK for a root that can't be used, E_BUSY for an address that another program listens on, E_USAGE for any other that can't be, and what `lockRoot` throws. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  await makeRoot(options.rootDir);
  const lock = options.lockRoot?.(options.rootDir);
  try {
    return await startOwning(options, () => lock?.release());
  } catch (error) {
    lock?.release();
    throw error;
  }
}

async function startOwning(options: ServerOptions, release: () => void): Promise<RunningServer> {
  const { clock = systemClock, random = systemRandom } = options;
  const tokens = await TokenFile.open(options.rootDir, random);
  const stores = new Map<string, ServedStore>();
  const bootId = toHex(random.bytes(8));
  const openStore = async (name: string): Promise<void> => {
    if (stores.has(name)) return;
    const dir = join(options.rootDir, 'stores', name);
    await createStoreFolder(dir);
    const news = new NewsBoard(clock, bootId, options.watchHoldMs ?? watchHoldMs);
    stores.set(name, new ServedStore(openFolderStore(dir, { clock, random }), news));
  };
  for (const { store } of tokens.grants) await openStore(store);

  const app = makeApp(options, clock);
  const room = new ConnectionRoom(options.places ?? defaultPlaces);
  room.watch(app.server);
  const gate = new Gate(tokens, stores, room, clock);
  app.get('/health', () => ({ ok: true }));
  addObjectRoutes(app, gate, clock);
  addHintRoutes(app, gate, clock);
  const url = await listen(app, options);

  const addToken = async (store: string, rights: TokenRights = {}): Promise<string> => {
    if (!isServerStoreName(store)) throw new Failure('E_USAGE', `a store's name is lower-case letters, digits and '-'`);
    await openStore(store);
    return toStoreUrl(url, store, await tokens.add(store, rights));
  };
  return {
    url,
    firstStoreUrl: tokens.isEmpty || options.newToken === true ? await addToken(firstStore) : undefined,
    addToken,
    close: () => closeServer(app, [...stores.values()], clock).finally(release),
  };
}

async function makeRoot(rootDir: string): Promise<void> {
  try {
    await createPrivateFolder(rootDir);
    await createPrivateFolder(join(rootDir, 'stores'));
  } catch (error) {
    throw new Failure('E_DISK', `${rootDir} cannot be used as the server's folder`, { subject: rootDir, cause: error });
  }
}

async function createPrivateFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function makeApp({ tls }: ServerOptions, clock: Clock): FastifyInstance {
  const shared = {
    // Nothing is logged: names and addresses are the users' own business.
    logger: false,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: silenceTimeoutMs,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 256 },
  } as const;
  const http = { maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMs, connectionsCheckingInterval: checkConnectionsMs };
  const https = { ...http, ...tls, handshakeTimeout: headersTimeoutMs, minVersion: 'TLSv1.2' } as const;
  const app: FastifyInstance = tls === undefined ? fastify({ ...shared, http }) : fastify({ ...shared, https });
  // Bodies go to the disk as they come, whatever they say they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header(serverMark.header, serverMark.value).header('cache-control', 'no-store');
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  app.setErrorHandler((error, request, reply) => {
    const { status, retryAfterSeconds } = toRefusal(error);
    if (status === 401) void letGo(request.raw, clock);
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    return reply.code(status).send();
  });
  return app;
}

/** Ends the connection of somebody who goes on sending a body that nobody wants. */
async function letGo(request: IncomingMessage, clock: Clock): Promise<void> {
  const ended = new AbortController();
  request.once('close', () => {
    ended.abort();
  });
  if (request.complete || request.destroyed) return;
  try {
    await clock.sleep(strangerMaxMs, ended.signal);
    request.socket.destroy();
  } catch {
    // He stopped by himself.
  }
}

async function listen(app: FastifyInstance, { host, port, tls }: ServerOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const errno = errnoOf(error);
    const action = 'choose another --listen HOST:PORT';
    if (errno === 'EADDRINUSE') throw new Failure('E_BUSY', `another program listens on ${host}:${port}`, { cause: error, action });
    throw new Failure('E_USAGE', `cannot listen on ${host}:${port}: ${errno ?? String(error)}`, { cause: error, action });
  }
  const { port: boundPort } = app.server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return `${tls === undefined ? 'http' : 'https'}://${shownHost}:${boundPort}`;
}

/** As clients take it (parse-store-url.ts): plain HTTP to another machine only by an explicit flag. */
function toStoreUrl(url: string, store: string, token: string): string {
  const { protocol, host, hostname } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return `${protocol}//${token}@${host}/${store}${protocol === 'https:' || isLocal ? '' : '?insecure=1'}`;
}

async function closeServer(app: FastifyInstance, stores: readonly ServedStore[], clock: Clock): Promise<void> {
  const closed = new AbortController();
  const lateClose = clock.sleep(closeWithinMs, closed.signal).then(
    () => {
      app.server.closeAllConnections();
    },
    () => undefined,
  );
  for (const store of stores) store.news.close();
  await app.close();
  closed.abort();
  await lateClose;
  for (const store of stores) await store.close();
}
