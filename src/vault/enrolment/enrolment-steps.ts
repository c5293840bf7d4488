import { secretSymbols } from './enrolment-code.ts';

/** Numbers of the messages. */
export const steps = {
  hello: 0,
  answer: 1,
  proof: (at: number): number => 2 + 2 * at,
  reveal: (at: number): number => 3 + 2 * at,
  wish: 2 + 2 * secretSymbols,
  handover: 3 + 2 * secretSymbols,
  ready: 4 + 2 * secretSymbols,
} as const;
