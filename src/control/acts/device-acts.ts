/** Devices of the vault, and what opens it. */
import { z } from 'zod';
import { countSchema, keyStorageShape, secretTextSchema, timeSchema } from './shared-shapes.ts';

const deviceShape = z.strictObject({
  name: z.string(),
  id: z.string(),
  added: timeSchema,
  addedBy: z.string().nullable(),
  lastSeen: timeSchema.nullable(),
  revoked: z.boolean(),
  this: z.boolean(),
});
export type ToldDevice = z.output<typeof deviceShape>;

export const deviceActs = {
  'list-devices': { ask: z.strictObject({}), answer: z.strictObject({ rows: z.array(deviceShape) }) },
  /**
   * Removes a device from the vault. The passphrase and recovery key that it knew are replaced: by `passphrase` (left out: the
   * vault has none any more) and by a new recovery key, which is answered this one time.
   */
  'remove-device': {
    ask: z.strictObject({ device: z.string().regex(/^[0-9a-f]{32}$/), passphrase: secretTextSchema.optional() }),
    answer: z.strictObject({ recoveryKey: secretTextSchema.nullable() }),
  },
  /** Lets the device in that shows this code. Throws E_CODE, E_NOT_APPROVED, E_LOCKED (too many wrong ones). */
  'approve-device': { ask: z.strictObject({ code: z.string().max(64) }), answer: z.strictObject({ name: z.string() }) },
  /** Calls this device something else; a number is added where another device has that name. */
  'rename-device': { ask: z.strictObject({ name: z.string().min(1).max(255) }), answer: z.strictObject({}) },
  /** Makes this profile, which was copied or put back from a backup, a device of its own. Files stay; the next sync compares them all. */
  'renew-device': { ask: z.strictObject({}), answer: z.strictObject({ name: z.string() }) },
  /** What opens the vault on a new computer, beside its devices. */
  'read-ways-in': { ask: z.strictObject({}), answer: z.strictObject({ passphrase: z.boolean(), recoveryKey: z.boolean() }) },
  /** null: the vault has none from then on. Throws E_WEAK_PASSPHRASE. */
  'change-passphrase': { ask: z.strictObject({ passphrase: secretTextSchema.nullable() }), answer: z.strictObject({}) },
  /** A new recovery key and its sheet, a page of HTML for the printer; the old one opens nothing any more. */
  'new-recovery-key': { ask: z.strictObject({}), answer: z.strictObject({ recoveryKey: secretTextSchema, sheet: z.string() }) },
  /** The sheet for a key that the person still has. Throws E_LOCKED for a key that is not the vault's. */
  'recovery-sheet': { ask: z.strictObject({ recoveryKey: secretTextSchema }), answer: z.strictObject({ sheet: z.string() }) },
  /** The digits that are the same on two devices exactly where both have seen the same. */
  'compare-code': {
    ask: z.strictObject({}),
    answer: z.strictObject({
      code: z.string(),
      seq: countSchema,
      newest: z.strictObject({ at: timeSchema, device: z.string() }).nullable(),
    }),
  },
  /** What opens this device's own keys. */
  'read-key-storage': { ask: z.strictObject({}), answer: z.strictObject({ kind: keyStorageShape }) },
  /** Another place for that; `passphrase` where it is to be one. Throws E_KEYCHAIN_WEAK, E_LOCKED, E_WEAK_PASSPHRASE, E_BUSY: all stays as it was. */
  'change-key-storage': {
    ask: z.strictObject({ kind: keyStorageShape, passphrase: secretTextSchema.optional() }),
    answer: z.strictObject({}),
  },
} as const;
