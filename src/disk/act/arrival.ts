import type { Entry, Stat } from '../calls/file-calls.ts';

/** What is put in place: where it lies until then, and as it was made. */
export interface Arrival {
  readonly source: Entry;
  readonly stat: Stat;
  /** Link text; '' of a file. */
  readonly target: string;
}
