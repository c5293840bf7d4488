import { Failure } from '../base/failure.ts';

/** E_STORE_UNREACHABLE before anything has left this computer: it has no network. Asking again soon burdens nobody. */
export class StoreOffline extends Failure {
  constructor(message: string, subject: string) {
    super('E_STORE_UNREACHABLE', message, { subject });
  }
}
