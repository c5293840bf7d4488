import type { Migration } from '../migration.ts';

/** In JSON, the last that stands in the state of a file. No text in it holds this: it would escape the quotes. */
function withOrigin(column: string): string {
  const steps = [false, true].map((executable) => `"executable":${executable}`);
  return steps.reduce((text, last) => `replace(${text}, '${last}}', '${last},"fromOutside":false}')`, column);
}

/**
 * What was 1 for an executable file and else 0 also says by now (with 2) that a file came from outside: one column more in each tree
 * would make every row longer. Of what stands in an index that is older nothing is known to have come from there.
 */
export const migration014: Migration = {
  number: 14,
  sql: `
  ALTER TABLE node RENAME COLUMN local_executable TO local_bits;
  ALTER TABLE node RENAME COLUMN base_executable TO base_bits;
  ALTER TABLE node RENAME COLUMN remote_executable TO remote_bits;
  ALTER TABLE own_base RENAME COLUMN previous_executable TO previous_bits;
  ALTER TABLE past_state RENAME COLUMN state_executable TO state_bits;
  UPDATE journal_trace SET trace = ${withOrigin('trace')} WHERE trace LIKE '%"executable":%';
  UPDATE intent SET detail = ${withOrigin('detail')} WHERE kind = 'bring';`,
};
