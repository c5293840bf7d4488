/** What of the vault is on this device, and what stays out of the vault. */
import { z } from 'zod';
import { bytesSchema, countSchema, limitSchema, vaultPathSchema } from './shared-shapes.ts';

const treeRowShape = z.strictObject({
  path: vaultPathSchema,
  name: z.string(),
  /** Whether it is chosen: all of it, nothing of it, or some of what is in it. */
  chosen: z.enum(['all', 'none', 'some']),
  /** Of all files in it, in the vault. */
  files: countSchema,
  bytes: bytesSchema,
  hasFolders: z.boolean(),
});
export type TreeRow = z.output<typeof treeRowShape>;

/** As much as is believed of such a file: 256 KiB. */
const rulesText = z.string().max(262_144);

const choiceShape = { include: z.array(vaultPathSchema).max(10_000), exclude: z.array(vaultPathSchema).max(10_000) };

export const folderActs = {
  /** The folders in a folder of the vault, by name, without the first `skip`; `total`: how many there are, with those. */
  'list-folders': {
    ask: z.strictObject({ path: vaultPathSchema, skip: countSchema.optional(), limit: limitSchema }),
    answer: z.strictObject({ rows: z.array(treeRowShape), total: countSchema }),
  },
  /**
   * Where among those folders the next one stands whose name begins so, whatever its case and accents: from the one at `from` on,
   * then from the first; null: there is none.
   */
  'find-folder': {
    ask: z.strictObject({ path: vaultPathSchema, begins: z.string().min(1).max(64), from: countSchema }),
    answer: z.strictObject({ at: countSchema.nullable() }),
  },
  /** What `choose` would come to; changes nothing. */
  'weigh-choice': {
    ask: z.strictObject(choiceShape),
    answer: z.strictObject({
      /** Files of this device that would be removed from it; they stay in the vault. */
      removed: z.strictObject({ files: countSchema, bytes: bytesSchema }),
      fetched: z.strictObject({ files: countSchema, bytes: bytesSchema }),
      freeBytes: bytesSchema.nullable(),
    }),
  },
  /**
   * All or none, those nearest to the top first, so that the deepest that is named holds for what is in it: a folder that is
   * left out with one in it that is not.
   */
  choose: { ask: z.strictObject(choiceShape), answer: z.strictObject({}) },
  /** The folder's own .cachetteignore; '' where there is none. */
  'read-ignore-rules': { ask: z.strictObject({}), answer: z.strictObject({ text: rulesText }) },
  /**
   * What on this disk these rules would leave out if it were new: how many items (an ignored folder, with '/' at its end, is one),
   * and the first of them. Not everything is looked at in a very large folder. And lines that mean nothing.
   */
  'try-ignore-rules': {
    ask: z.strictObject({ text: rulesText }),
    answer: z.strictObject({
      matched: countSchema,
      examples: z.array(vaultPathSchema).max(100),
      badLines: z.array(z.strictObject({ line: z.int().min(1), text: z.string() })),
    }),
  },
  /** `was`: what was read before. Throws E_BUSY where that is not what stands there any more. */
  'write-ignore-rules': { ask: z.strictObject({ text: rulesText, was: rulesText }), answer: z.strictObject({}) },
} as const;
