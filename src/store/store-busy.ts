import { Failure } from '../base/failure.ts';

/** E_STORE_UNREACHABLE by a store that said when to come back. */
export class StoreBusy extends Failure {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super('E_STORE_UNREACHABLE', message);
    this.retryAfterMs = retryAfterMs;
  }
}
