/** What wants a person's decision: conflicts, problems, held mass changes. */
import { z } from 'zod';
import { bytesSchema, countSchema, limitSchema, timeSchema, vaultPathSchema } from './shared-shapes.ts';

const sideShape = z.strictObject({ device: z.string(), mtime: timeSchema.nullable(), size: bytesSchema.nullable() });

/** `ours` is the copy's version, `theirs` the one that kept the name. */
const conflictShape = z.strictObject({
  id: z.string(),
  path: vaultPathSchema,
  copy: vaultPathSchema,
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

/** Content, or why there is none to show: too large, not in the vault any more. */
const contentShape = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('content'), base64: z.base64(), size: bytesSchema }),
  z.strictObject({ is: z.literal('too-large'), size: bytesSchema }),
  z.strictObject({ is: z.literal('gone') }),
]);
export type ToldContent = z.output<typeof contentShape>;

/** Largest content that is shown, in bytes: fits one reply after base64. */
export const shownMaxBytes = 2 * 1024 * 1024;

const keepSchema = z.enum(['local', 'remote', 'both']);

export const troubleActs = {
  /** The open conflicts by path; `after`: the last path of the page before. */
  'list-conflicts': {
    ask: z.strictObject({ after: vaultPathSchema.optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(conflictShape), hasMore: z.boolean(), total: countSchema }),
  },
  /** One side of a conflict, or the version that both sides began with. */
  'read-side': {
    ask: z.strictObject({
      conflict: z.string().max(64),
      side: z.enum(['ours', 'theirs', 'ancestor']),
      maxBytes: z.int().min(1).max(shownMaxBytes),
    }),
    answer: contentShape,
  },
  /** Decides; `undo` is what `undo-decision` takes while it can be undone. */
  decide: {
    ask: z.strictObject({ conflicts: z.union([z.literal('all'), z.array(z.string().max(64)).max(500)]), keep: keepSchema }),
    answer: z.strictObject({ resolved: countSchema, undo: z.string().max(64).nullable() }),
  },
  /** Brings back what a decision took away: the side that was not kept stands beside the other again. */
  'undo-decision': { ask: z.strictObject({ undo: z.string().max(64) }), answer: z.strictObject({ restored: countSchema }) },
  'list-problems': {
    ask: z.strictObject({ after: vaultPathSchema.optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(problemShape), hasMore: z.boolean(), total: countSchema }),
  },
  /** Looks at what has problems again, now. */
  'retry-problems': { ask: z.strictObject({}), answer: z.strictObject({}) },
  'list-held': {
    ask: z.strictObject({ after: vaultPathSchema.optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(lossShape), hasMore: z.boolean(), total: countSchema }),
  },
  /** Lets the held change go on, or has the files brought back. */
  'decide-held': { ask: z.strictObject({ word: z.enum(['confirm', 'reject']) }), answer: z.strictObject({ files: countSchema }) },
} as const;
