/** A maintainer with keys, a feed on this computer's own address, and somebody who changes what it answers. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { makeFeedSignature, sha512Of, type FeedStatement } from '../../../src/desktop/main/updates/feed-signature.ts';

export const dayMs = 24 * 60 * 60_000;
/** When all is signed and looked at, unless a test says otherwise. */
export const nowMs = Date.UTC(2026, 10, 22);

export interface Maintainer {
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

export function maintainer(): Maintainer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)) };
}

/** As electron-builder writes it. */
export function metadataOf(version: string, packages: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const files = Object.entries(packages).map(
    ([url, bytes]) => `  - url: ${url}\n    sha512: ${sha512Of(bytes)}\n    size: ${bytes.byteLength}\n`,
  );
  const [[first, bytes] = ['', new Uint8Array()]] = Object.entries(packages);
  const text = `version: ${version}\nfiles:\n${files.join('')}path: ${first}\nsha512: ${sha512Of(bytes)}\nreleaseDate: '2026-11-22T10:00:00.000Z'\n`;
  return Buffer.from(text);
}

/** A signature over metadata, of today and for a month, unless said otherwise. */
export function signatureOf(metadata: Uint8Array, keys: readonly Maintainer[], more: Partial<FeedStatement> = {}): Uint8Array {
  const statement = { file: 'latest-linux.yml', sha512: sha512Of(metadata), signedMs: nowMs, expiresMs: nowMs + 30 * dayMs, ...more };
  return Buffer.from(
    makeFeedSignature(
      statement,
      keys.map(({ privateKey }) => privateKey),
    ),
  );
}

type Answer = (response: http.ServerResponse) => void;

/** Serves what it is given by name, and notes what was asked for. */
export class LocalFeed {
  readonly asked: string[] = [];
  readonly files = new Map<string, Uint8Array | Answer>();
  readonly #server: http.Server;

  private constructor(server: http.Server) {
    this.#server = server;
  }

  static async open(): Promise<LocalFeed> {
    const server = http.createServer();
    const feed = new LocalFeed(server);
    server.on('request', ({ url = '' }, response) => feed.#answer(url.slice(1), response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return feed;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** A release, signed; its packages and the two texts about it. */
  publish(
    version: string,
    packages: Readonly<Record<string, Uint8Array>>,
    keys: readonly Maintainer[],
    more: Partial<FeedStatement> = {},
  ): void {
    const metadata = metadataOf(version, packages);
    for (const [name, bytes] of Object.entries(packages)) this.files.set(name, bytes);
    this.files.set('latest-linux.yml', metadata);
    this.files.set('latest-linux.yml.sig', signatureOf(metadata, keys, more));
  }

  #answer(name: string, response: http.ServerResponse): void {
    this.asked.push(name);
    const file = this.files.get(name);
    if (typeof file === 'function') file(response);
    else if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  }
}
