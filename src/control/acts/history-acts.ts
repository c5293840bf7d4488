/** What was. */
import { z } from 'zod';
import { bytesSchema, countSchema, limitSchema, timeSchema, vaultPathSchema } from './shared-shapes.ts';

const versionShape = z.strictObject({
  /** What `restore` takes. */
  version: z.string(),
  path: vaultPathSchema,
  kind: z.enum(['file', 'dir', 'link']),
  size: bytesSchema,
  mtime: timeSchema.nullable(),
  device: z.string(),
  at: timeSchema.nullable(),
  deleted: z.boolean(),
  lost: z.boolean(),
});
export type ToldVersion = z.output<typeof versionShape>;

const itemShape = z.strictObject({
  path: vaultPathSchema,
  name: z.string(),
  kind: z.enum(['file', 'dir', 'link']),
  size: bytesSchema,
  mtime: timeSchema.nullable(),
  local: z.boolean(),
});
export type ToldItem = z.output<typeof itemShape>;

export const historyActs = {
  /** What stands in a folder of the vault, folders first, by name. `skip`: rows of the pages before. */
  'list-items': {
    ask: z.strictObject({ path: vaultPathSchema, after: z.string().max(1024).optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(itemShape), hasMore: z.boolean() }),
  },
  /** Every version of all that ever stood at the path, newest first. */
  'list-versions': {
    ask: z.strictObject({ path: vaultPathSchema, skip: countSchema, limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(versionShape), hasMore: z.boolean() }),
  },
  /** Files that are gone, in this folder and below, those removed last first. */
  'list-deleted': {
    ask: z.strictObject({ path: vaultPathSchema, skip: countSchema, limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(versionShape), hasMore: z.boolean() }),
  },
  /** Brings a version (left out: the newest that is gone) back, to `to` or where it was; what stands there goes to the history. */
  restore: {
    ask: z.strictObject({ path: vaultPathSchema, version: z.string().max(64).optional(), to: vaultPathSchema.optional() }),
    answer: z.strictObject({ path: vaultPathSchema, files: countSchema }),
  },
  /** A version's content; as `read-side`. */
  'read-version': {
    ask: z.strictObject({
      path: vaultPathSchema,
      version: z.string().max(64),
      maxBytes: z
        .int()
        .min(1)
        .max(2 * 1024 * 1024),
    }),
    answer: z.discriminatedUnion('is', [
      z.strictObject({ is: z.literal('content'), base64: z.base64(), size: bytesSchema }),
      z.strictObject({ is: z.literal('too-large'), size: bytesSchema }),
      z.strictObject({ is: z.literal('gone') }),
    ]),
  },
} as const;
