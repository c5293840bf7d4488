import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startServer, type RunningServer } from '../../src/server/start-server.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import type { Dice } from './dice.ts';
import { oddRequest, type RequestParts } from './odd-request.ts';

/** What the server may say, also to nonsense: anything else is a fault of its own (server-protocol.ts; 503: an upload that ended early). */
const statuses = new Set([100, 200, 201, 204, 206, 304, 400, 401, 403, 404, 405, 408, 409, 411, 413, 414, 416, 417, 429, 431, 503, 507]);
const silenceMs = 15_000;
/** How long a server that says nothing may wait for more of a request before it is told that there is no more. */
const moreMs = 40;
const neighbours = ['packs/their-object', 'journal/000000000001-0011223344556677'];

/** A request after which something was wrong. */
export interface ServerFinding {
  readonly request: Uint8Array;
  readonly what: string;
}

/**
 * Feeds a running server from a connection of its own each: with a token that may add to `vault`, with one that may do all in
 * `own`, and with none. In `theirs` nothing of it may show; what stood in `vault` stays as it was.
 */
export class ServerFuzz {
  readonly #server: RunningServer;
  readonly #place: string;
  readonly #templates: readonly RequestParts[];
  readonly #dice: Dice;
  readonly #kept: ReadonlyMap<string, string>;
  readonly statuses = new Map<number, number>();
  requests = 0;

  private constructor(
    server: RunningServer,
    { place, templates, dice }: { place: string; templates: readonly RequestParts[]; dice: Dice },
  ) {
    this.#server = server;
    this.#place = place;
    this.#templates = templates;
    this.#dice = dice;
    this.#kept = this.#read();
  }

  static async start(dice: Dice): Promise<ServerFuzz> {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-fuzz-'));
    fs.writeFileSync(path.join(place, 'beside.txt'), 'not of the server');
    const server = await startServer({
      rootDir: path.join(place, 'root'),
      host: '127.0.0.1',
      port: 0,
      watchHoldMs: 20,
      random: new SeededRandom(1),
    });
    const tokens = {
      vault: tokenOf(await server.addToken('vault', { appendOnly: true, quotaBytes: 20_000_000 })),
      own: tokenOf(await server.addToken('own')),
    };
    await server.addToken('theirs');
    for (const store of ['vault', 'theirs'])
      for (const name of neighbours) {
        const file = path.join(place, 'root/stores', store, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, `${store} ${name}`);
      }
    return new ServerFuzz(server, { place, templates: templatesFor(tokens), dice });
  }

  /** Each template must get what its device wants, or the fuzz would be of nothing. */
  async checkTemplates(): Promise<ServerFinding | undefined> {
    for (const template of this.#templates) {
      const before = new Map(this.statuses);
      const request = oddRequest(template, this.#templates, never);
      const finding = await this.#ask(request, silenceMs);
      if (finding !== undefined) return finding;
      const [status] = [...this.statuses].find(([each, count]) => count > (before.get(each) ?? 0)) ?? [];
      if (status === undefined || status >= 400) return { request, what: `a template: ${status}` };
    }
    return undefined;
  }

  /** One request. */
  async step(): Promise<ServerFinding | undefined> {
    return this.#ask(oddRequest(this.#dice.of(this.#templates), this.#templates, this.#dice), moreMs);
  }

  /** Whether everything beside the fuzz is as it was, and the server goes on. */
  async check(): Promise<string | undefined> {
    const now = this.#read();
    for (const [name, content] of this.#kept) if (now.get(name) !== content) return `${name} is not what it was`;
    for (const name of now.keys()) if (!this.#kept.has(name) && !/^root\/stores\/(vault|own)\//.test(name)) return `${name} was made`;
    const health = await fetch(`${this.#server.url}/health`);
    return health.status === 200 ? undefined : `the server is not well: ${health.status}`;
  }

  async close(): Promise<void> {
    await this.#server.close();
    fs.rmSync(this.#place, { recursive: true, force: true });
  }

  async #ask(request: Uint8Array, patienceMs: number): Promise<ServerFinding | undefined> {
    this.requests += 1;
    const answer = await exchange(Number(new URL(this.#server.url).port), request, patienceMs);
    if (answer === undefined) return { request, what: `no end of the answer ${silenceMs} ms after the request's end` };
    const text = answer.toString('latin1');
    for (const [, status] of text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)) {
      const number = Number(status);
      this.statuses.set(number, (this.statuses.get(number) ?? 0) + 1);
      if (!statuses.has(number)) return { request, what: `answered ${number}` };
    }
    if (text.includes(this.#place) || /\bnode:|\.ts:\d|\n\s+at /.test(text)) return { request, what: 'the answer tells of its inside' };
    if (({} as Record<string, unknown>)['polluted'] !== undefined) return { request, what: 'changed the prototype of everything' };
    return undefined;
  }

  /** All files beside and below the root, but temporary ones. */
  #read(): Map<string, string> {
    const names = fs.readdirSync(this.#place, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => !name.includes('/.tmp/') && fs.lstatSync(path.join(this.#place, name)).isFile());
    return new Map(files.map((name) => [name, fs.readFileSync(path.join(this.#place, name), 'latin1')]));
  }
}

/** Changes nothing. */
const never = { below: () => 0, of: <Item>(items: readonly Item[]) => items[0], isLucky: () => false } as unknown as Dice;

/** All that comes back until the other side closes; undefined where it never does. */
async function exchange(port: number, bytes: Uint8Array, patienceMs: number): Promise<Buffer | undefined> {
  const socket = net.connect(port, '127.0.0.1');
  socket.setTimeout(patienceMs, () => {
    if (socket.writableEnded) socket.destroy(new Error('silence'));
    else socket.end();
    socket.setTimeout(silenceMs);
  });
  socket.write(bytes);
  const received: Buffer[] = [];
  try {
    for await (const piece of socket as AsyncIterable<Buffer>) received.push(piece);
  } catch (error) {
    // A server may close on nonsense before it has read all of it.
    if (error instanceof Error && error.message === 'silence') return undefined;
  }
  return Buffer.concat(received);
}

function tokenOf(storeUrl: string): string {
  return decodeURIComponent(new URL(storeUrl).username);
}

function templatesFor(tokens: Readonly<Record<'vault' | 'own', string>>): RequestParts[] {
  const body = Buffer.from('sealed bytes '.repeat(40));
  const request = (store: 'vault' | 'own', method: string, target: string, more: Partial<RequestParts> = {}): RequestParts => ({
    method,
    target: `/${store}${target}`,
    body: more.body ?? Buffer.alloc(0),
    headers: [
      ['Host', '127.0.0.1'],
      ['Connection', 'close'],
      ['Authorization', `Bearer ${tokens[store]}`],
      ...(more.body === undefined ? [] : [['Content-Length', String(more.body.length)] as const]),
      ...(more.headers ?? []),
    ],
  });
  return [
    request('own', 'PUT', '/objects/packs/mine', { body }),
    request('vault', 'PUT', '/objects/journal/000000000002-00112233445566aa', { body }),
    request('own', 'GET', '/objects/packs/mine'),
    request('vault', 'GET', `/objects/${neighbours[0] ?? ''}`, { headers: [['Range', 'bytes=2-9']] }),
    request('vault', 'GET', '/names?prefix=journal/&after=journal/000000000001&limit=10'),
    request('own', 'PUT', '/hint', { body: body.subarray(0, 64) }),
    request('own', 'GET', '/hint', { headers: [['If-None-Match', '"00"']] }),
    request('vault', 'GET', '/watch?since=0-1'),
    request('own', 'DELETE', '/objects/packs/mine'),
  ];
}
