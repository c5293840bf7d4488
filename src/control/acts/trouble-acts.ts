/** What wants a person's decision: conflicts, problems, held mass changes. */
import { z } from 'zod';
import { bytesSchema, contentShape, countSchema, limitSchema, shownBytesSchema, timeSchema, vaultPathSchema } from './shared-shapes.ts';

const sideShape = z.strictObject({ device: z.string(), mtime: timeSchema.nullable(), size: bytesSchema.nullable() });

/** `ours` is the copy's version, `theirs` the one that kept the name. */
const conflictShape = z.strictObject({
  id: z.string(),
  path: vaultPathSchema,
  copy: vaultPathSchema,
  /** Of both; 'mixed' where they are of two kinds. What is no file has no content to read. */
  kind: z.enum(['file', 'dir', 'link', 'mixed']),
  ours: sideShape,
  theirs: sideShape,
});
export type ToldConflict = z.output<typeof conflictShape>;

const problemShape = z.strictObject({
  code: z.string(),
  path: vaultPathSchema,
  message: z.string(),
  action: z.string(),
});
export type ToldProblem = z.output<typeof problemShape>;

const lossShape = z.strictObject({ path: vaultPathSchema, loss: z.enum(['removed', 'rewritten']) });

const keepSchema = z.enum(['local', 'remote', 'both']);

export const troubleActs = {
  /** The open conflicts by the path of their copy, which no two share; `after`: the last `copy` of the page before. */
  'list-conflicts': {
    ask: z.strictObject({ after: vaultPathSchema.optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(conflictShape), hasMore: z.boolean(), total: countSchema }),
  },
  /** One side of a conflict, or the version that both sides began with. */
  'read-side': {
    ask: z.strictObject({
      conflict: z.string().max(64),
      side: z.enum(['ours', 'theirs', 'ancestor']),
      maxBytes: shownBytesSchema,
    }),
    answer: contentShape,
  },
  /** Decides; `undo` is what `undo-decision` takes while it can be undone. */
  decide: {
    ask: z.strictObject({ conflicts: z.union([z.literal('all'), z.array(z.string().max(64)).max(500)]), keep: keepSchema }),
    answer: z.strictObject({ resolved: countSchema, undo: z.string().max(64).nullable() }),
  },
  /**
   * Makes both files what they were before the decision: two ordinary files then. Throws E_NOT_FOUND for one that can't be undone any
   * more (the agent was started anew, or decided much since), E_IN_THE_WAY where something else stands there by now.
   */
  'undo-decision': { ask: z.strictObject({ undo: z.string().max(64) }), answer: z.strictObject({ restored: countSchema }) },
  /** By path; `after`: the last path of the page before. A path with several problems is never cut in two: a page may be a little longer. */
  'list-problems': {
    ask: z.strictObject({ after: vaultPathSchema.optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(problemShape), hasMore: z.boolean(), total: countSchema }),
  },
  /** Looks at what has problems again, now. */
  'retry-problems': { ask: z.strictObject({}), answer: z.strictObject({}) },
  /** Files whose loss waits for a word, by path; `after`: the last path of the page before. */
  'list-held': {
    ask: z.strictObject({ after: vaultPathSchema.optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(lossShape), hasMore: z.boolean(), total: countSchema }),
  },
  /** Lets the held change go on, or has the files brought back. */
  'decide-held': { ask: z.strictObject({ word: z.enum(['confirm', 'reject']) }), answer: z.strictObject({ files: countSchema }) },
} as const;
