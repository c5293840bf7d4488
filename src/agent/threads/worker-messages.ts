/** What the main thread and a chunk worker say to each other. Both ends are this program: the types are the contract. */
import type { FailureCode } from '../../base/failure.ts';
import { Failure } from '../../base/failure.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { ChunkToSeal, GivenChunk } from '../../engine/content/chunk-reader.ts';
import type { ChunkFault, FileReading, OpenJob, ReadJob } from '../../engine/content/workshop.ts';
import type { VaultId } from '../../model/ids.ts';
import type { ChunkSpot } from '../../vault/chunk/chunk-codec.ts';

/** What a worker is made with. Secrets come later, by message. */
export interface WorkerSettings {
  /** The synced folder and its mark (`linkFolder`). */
  readonly rootDir: string;
  readonly mark: string;
  readonly vaultId: VaultId;
  /** Provider of the primitives, the same as in the main thread. */
  readonly primitives: Primitives['name'];
}

/** Work for a worker. */
export type WorkOrder = { readonly do: 'read'; readonly read: ReadJob } | { readonly do: 'open'; readonly open: OpenJob };

export type ToWorker =
  /** Comes before the first work that needs this epoch. */
  | { readonly do: 'learn'; readonly epoch: number; readonly secret: Uint8Array }
  | { readonly do: 'work'; readonly work: number; readonly order: WorkOrder }
  /** To a question; undefined where the one who was asked has failed. */
  | { readonly do: 'answer'; readonly question: number; readonly answer: HostAnswer | undefined };

/** What the host said. To chunks that it was given: nothing, but late when the store is slow. */
export type HostAnswer = { readonly spots: readonly (ChunkSpot | undefined)[] } | { readonly taken: true };

export type HostQuestion =
  | { readonly claim: readonly ChunkToSeal[]; readonly epoch: number }
  /** The sealed bytes come with the message, and are nobody else's. */
  | { readonly give: readonly GivenChunk[] };

export type FromWorker =
  | { readonly say: 'ask'; readonly work: number; readonly question: number; readonly ask: HostQuestion }
  | { readonly say: 'done'; readonly work: number; readonly result: WorkResult }
  | { readonly say: 'failed'; readonly work: number; readonly failure: PlainFailure };

export type WorkResult = { readonly readings: readonly FileReading[] } | { readonly opened: readonly (Uint8Array | ChunkFault)[] };

/** A failure as values: errors lose their class on the way between threads. */
export interface PlainFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly subject: string | undefined;
  readonly action: string | undefined;
  /** Of an error that was not thrown on purpose; for the log. */
  readonly stack: string | undefined;
}

export function toPlainFailure(error: unknown): PlainFailure {
  if (error instanceof Failure) {
    const { code, message, subject, action } = error;
    return { code, message, subject, action, stack: undefined };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return { code: 'E_FAILED', message: `a worker failed: ${String(error)}`, subject: undefined, action: undefined, stack };
}

export function fromPlainFailure({ code, message, subject, action, stack }: PlainFailure): Failure {
  return new Failure(code, message, {
    ...(subject === undefined ? {} : { subject }),
    ...(action === undefined ? {} : { action }),
    ...(stack === undefined ? {} : { cause: stack }),
  });
}
