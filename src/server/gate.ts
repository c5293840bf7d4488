import type { FastifyRequest } from 'fastify';
import type { Clock } from '../base/clock.ts';
import type { ConnectionRoom } from './connection-room.ts';
import { Refusal } from './refusal.ts';
import { RequestRate } from './request-rate.ts';
import type { ServedStore } from './served-store.ts';
import type { Grant, TokenFile } from './token-file.ts';

/** Above anything a few devices do on a fast network; far below what keeps the server busy. */
const perStore = { burst: 4000, perSecond: 1000 };
const bearer = /^Bearer ([\w~.-]{1,256})$/;

/** A request that may go on. */
export interface Admission {
  readonly store: ServedStore;
  readonly grant: Grant;
}

/** Decides who may do what. */
export class Gate {
  readonly #tokens: TokenFile;
  readonly #stores: ReadonlyMap<string, ServedStore>;
  readonly #requests: RequestRate;
  readonly #room: ConnectionRoom;

  constructor(tokens: TokenFile, stores: ReadonlyMap<string, ServedStore>, room: ConnectionRoom, clock: Clock) {
    this.#tokens = tokens;
    this.#stores = stores;
    this.#room = room;
    this.#requests = new RequestRate(perStore, clock);
  }

  /**
   * Throws Refusal: 401 without a known token, 403 for another store than the token's or a deletion by an append-only
   * token, 429 for too much. Wrong tokens are not counted: 256 random
   * bits can't be guessed, and behind a proxy everybody has one address. Whether a store of some name exists is told to nobody without its token.
   */
  admit(request: FastifyRequest, action: 'use' | 'delete'): Admission {
    const [, token] = bearer.exec(request.headers.authorization ?? '') ?? [];
    const grant = token === undefined ? undefined : this.#tokens.find(token);
    if (grant === undefined) throw new Refusal(401);
    this.#room.know(request.raw);
    const store = this.#stores.get(grant.store);
    const asked = (request.params as { readonly store?: string }).store;
    if (asked !== grant.store || store === undefined) throw new Refusal(403);
    if (!this.#requests.mayPass(grant.store)) throw new Refusal(429, 1);
    if (action === 'delete' && grant.appendOnly) throw new Refusal(403);
    return { store, grant };
  }
}
