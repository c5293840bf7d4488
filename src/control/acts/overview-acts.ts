/** Where everything stands, at a glance. */
import { z } from 'zod';
import { bytesSchema, countSchema, failureShape, limitSchema, syncStateSchema, timeSchema, vaultPathSchema } from './shared-shapes.ts';

/** What is on its way. `bytesPerSecond` over the last seconds; `secondsLeft` is null while nobody can tell. */
const progressShape = z.strictObject({
  /** Files, folders and links. */
  itemsLeft: countSchema,
  bytesLeft: bytesSchema,
  bytesDone: bytesSchema,
  bytesPerSecond: bytesSchema,
  secondsLeft: countSchema.nullable(),
});

/** A profile without a folder; one whose keys a passphrase seals; one that could not be opened, and why; one at work. */
const overviewShape = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('unlinked') }),
  z.strictObject({ is: z.literal('locked'), folder: z.string(), device: z.string() }),
  z.strictObject({ is: z.literal('stopped'), folder: z.string(), device: z.string(), why: failureShape }),
  z.strictObject({
    is: z.literal('linked'),
    state: syncStateSchema,
    /** For all but good news. */
    why: failureShape.optional(),
    /** While paused for a time. */
    pausedUntil: timeSchema.nullable(),
    progress: progressShape.nullable(),
    folder: z.string(),
    /** Where the vault is, without credentials. */
    store: z.string(),
    vaultId: z.string(),
    device: z.string(),
    /** Of the vault's tree. */
    files: countSchema,
    bytes: bytesSchema,
    /** Of them, on this device. */
    local: z.strictObject({ files: countSchema, bytes: bytesSchema }),
    conflicts: countSchema,
    problems: countSchema,
    /** Files that a held mass change would take away. */
    held: countSchema,
    lastSync: timeSchema.nullable(),
  }),
]);
export type Overview = z.output<typeof overviewShape>;

const activityShape = z.strictObject({
  path: vaultPathSchema,
  did: z.enum(['added', 'changed', 'moved', 'removed', 'conflict']),
  kind: z.enum(['file', 'dir', 'link']),
  /** Name of the device that did it. */
  device: z.string(),
  isThisDevice: z.boolean(),
  at: timeSchema.nullable(),
});
export type Activity = z.output<typeof activityShape>;

export const overviewActs = {
  overview: { ask: z.strictObject({}), answer: overviewShape },
  /** What changed last in the vault, newest first. */
  activity: { ask: z.strictObject({ limit: limitSchema }), answer: z.strictObject({ rows: z.array(activityShape) }) },
  /** With `minutes`: goes on by itself after that time. */
  'pause-for': { ask: z.strictObject({ minutes: z.int().min(1).max(10_080).optional() }), answer: z.strictObject({}) },
  /** Ends a pause. */
  resume: { ask: z.strictObject({}), answer: z.strictObject({}) },
  /** A look at everything, also while paused; answered at once. Tries again where a failure stopped the agent. */
  'sync-now': { ask: z.strictObject({}), answer: z.strictObject({}) },
  /** Opens a profile whose keys a passphrase seals. */
  unlock: { ask: z.strictObject({ passphrase: z.string().max(4096) }), answer: z.strictObject({}) },
} as const;
