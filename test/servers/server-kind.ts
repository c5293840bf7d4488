import type { StoreTraits } from '../contract/store/store-contract.ts';

/** Something of somebody else's that the tests need on this machine. */
export interface Installable {
  readonly name: string;
  /** Debian packages that bring it; none where npm does. */
  readonly packages: readonly string[];
  /** Files without which it can't be started. */
  readonly needs: readonly string[];
}

/** A store server of somebody else's that the tests can start on this machine. */
export interface ServerKind extends StoreTraits, Installable {
  /** Starts it on free ports of 127.0.0.1, its state in a temporary folder. */
  start(): Promise<ServerUnderTest>;
}

export interface ServerUnderTest {
  /** URL of a new, empty store at it; whoever opens it has its folder made (as for a new vault). Its port may be another one's that hands everything on (lossy-proxy.ts). */
  newStoreUrl(): Promise<string>;
  /** Ends it at once, as a power cut would (but for the caches of the system). */
  kill(): Promise<void>;
  /** After `kill`: at the same ports, with what it has kept. */
  restart(): Promise<void>;
  /** For good; its state is gone. */
  stop(): Promise<void>;
}
