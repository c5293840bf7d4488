/** What may be set on this device, and what may be told about it. */
import { z } from 'zod';
import { storePlaceShape } from './set-up-acts.ts';
import { diskPathSchema } from './shared-shapes.ts';

const settingShape = z.strictObject({
  key: z.string(),
  value: z.union([z.string(), z.number()]).nullable(),
  isSet: z.boolean(),
});
export type ToldSetting = z.output<typeof settingShape>;

export const settingsActs = {
  'list-settings': { ask: z.strictObject({}), answer: z.strictObject({ rows: z.array(settingShape) }) },
  /** As `cachette config KEY VALUE`; 'default' takes it back. Holds at once. Throws E_USAGE. */
  'change-setting': { ask: z.strictObject({ key: z.string().max(64), value: z.string().max(10_000) }), answer: z.strictObject({}) },
  /** The synced folder stands here now: a person moved it. Throws E_NOT_FOUND for a folder that is not the one; its true path. */
  'relink-folder': { ask: z.strictObject({ folder: diskPathSchema }), answer: z.strictObject({ folder: diskPathSchema }) },
  /** The same vault at another address, or with another password. Throws what the store throws, and as a store that shows something else. */
  'relink-store': { ask: z.strictObject({ store: storePlaceShape }), answer: z.strictObject({}) },
  /** Unlinks the folder: the profile goes, files stay where they are, the vault keeps its copy. */
  unlink: { ask: z.strictObject({}), answer: z.strictObject({}) },
  /** What helps somebody who mends Cachette: versions, states, settings, the end of the log; no names, paths, addresses or keys. */
  diagnose: { ask: z.strictObject({}), answer: z.strictObject({ text: z.string() }) },
} as const;
