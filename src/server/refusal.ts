import { Failure, type FailureCode } from '../base/failure.ts';

/** An answer other than success, thrown from anywhere below a route. Says nothing but a status: a stranger may be asking. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, retryAfterSeconds?: number) {
    super(`refused with ${status}`);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const statusOfCode: Partial<Record<FailureCode, number>> = {
  E_STORE_FULL: 507,
  E_LIMIT: 413,
  // A name below another object, or above some: on a disk one of the two would be a folder.
  E_STORE_BEHAVIOUR: 400,
  // A link that somebody put among the objects.
  E_TAMPER: 400,
  E_STORE_UNREACHABLE: 503,
};

/** What a caller is told about an error: never its text, which may name paths of this machine. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof Failure) return new Refusal(statusOfCode[error.code] ?? 500);
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return new Refusal(typeof status === 'number' && status >= 400 && status < 500 ? status : 500);
}
