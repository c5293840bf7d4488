/** What was. */
import { z } from 'zod';
import { bytesSchema, contentShape, countSchema, limitSchema, shownBytesSchema, timeSchema, vaultPathSchema } from './shared-shapes.ts';

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
  /** What stands in a folder of the vault, folders first, each by name; `after`: the last name of the page before. */
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
  /** A version's content; as `read-side`. */
  'read-version': {
    ask: z.strictObject({ path: vaultPathSchema, version: z.string().max(64), maxBytes: shownBytesSchema }),
    answer: contentShape,
  },
  /**
   * Brings a version back (left out: what a file was before its last edit, or what stood there last), to its old place or to
   * another one. Throws E_IN_THE_WAY, E_NOT_FOUND; `path`: where it stands then.
   */
  restore: {
    ask: z.strictObject({ path: vaultPathSchema, version: z.string().max(64).optional(), to: vaultPathSchema.optional() }),
    answer: z.strictObject({ path: vaultPathSchema, files: countSchema }),
  },
} as const;
