import { Failure } from '../../src/base/failure.ts';

/** The code that `act` fails with; 'no failure' where it returns. Any other error is passed on. */
export function failureCode(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'no failure';
}
