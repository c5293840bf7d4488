/** Holding the store against the signed journal, which may take long: begun, looked at, stopped. */
import { z } from 'zod';
import { countSchema, failureShape, timeSchema, vaultPathSchema } from './shared-shapes.ts';

/** How many of a list are told. */
export const toldDamageMax = 100;

const verifyStateShape = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('none') }),
  /** `packs` of `of` were looked at. */
  z.strictObject({ is: z.literal('running'), readsData: z.boolean(), repairs: z.boolean(), packs: countSchema, of: countSchema }),
  z.strictObject({
    is: z.literal('done'),
    at: timeSchema,
    readsData: z.boolean(),
    repairs: z.boolean(),
    entries: countSchema,
    packs: countSchema,
    /** Objects of the store that are not what was written, or not there. */
    damaged: countSchema,
    /** Files that can't be put together from the store as it is; the first of them. */
    files: countSchema,
    firstFiles: z.array(vaultPathSchema).max(toldDamageMax),
  }),
  z.strictObject({ is: z.literal('failed'), at: timeSchema, why: failureShape }),
]);
export type VerifyState = z.output<typeof verifyStateShape>;

export const verifyActs = {
  /**
   * Begins; answered at once. `readsData`: fetches and opens everything. `repairs`: brings back what the store lost and this folder
   * has. Syncing rests meanwhile. Throws E_BUSY while one runs.
   */
  'begin-verify': { ask: z.strictObject({ readsData: z.boolean(), repairs: z.boolean() }), answer: z.strictObject({}) },
  'read-verify': { ask: z.strictObject({}), answer: verifyStateShape },
  'stop-verify': { ask: z.strictObject({}), answer: z.strictObject({}) },
} as const;
