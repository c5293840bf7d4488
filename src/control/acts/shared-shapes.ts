/** What several acts have in common. */
import { z } from 'zod';

/** As long as paths can be; parts with `/` between, from the top of the synced folder; '' is that folder itself. */
export const vaultPathSchema = z.string().max(16_384);
/** A file or folder of this computer, as its system writes it. */
export const diskPathSchema = z.string().max(16_384);
/** An ISO 8601 time. */
export const timeSchema = z.string().max(40);
/** Passphrases, recovery keys, codes and store addresses with credentials: never logged, never kept by who passes them on. */
export const secretTextSchema = z.string().max(4096);
/** What opens a device's own keys. */
export const keyStorageShape = z.enum(['keychain', 'passphrase', 'file']);
/** How many rows of a list at once. */
export const limitSchema = z.int().min(1).max(1000);
export const countSchema = z.int().min(0);
/** Bytes; beyond 2^53 nobody counts exactly. */
export const bytesSchema = z.number().min(0);

/** Why something did not work: what `cachette` prints on the command line. */
export const failureShape = z.strictObject({ code: z.string().max(64), message: z.string(), action: z.string() });
export type ToldFailure = z.output<typeof failureShape>;

/** Where the agent of a linked folder stands. */
export const syncStateSchema = z.enum(['synced', 'pending', 'syncing', 'paused', 'offline', 'refused', 'held']);
export type ToldState = z.output<typeof syncStateSchema>;

/** Largest content that is shown, in bytes: fits one reply after base64. */
export const shownMaxBytes = 2 * 1024 * 1024;
export const shownBytesSchema = z.int().min(1).max(shownMaxBytes);

/** Content, or why there is none to show: too large, not in the vault any more. */
export const contentShape = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('content'), base64: z.base64(), size: bytesSchema }),
  z.strictObject({ is: z.literal('too-large'), size: bytesSchema }),
  z.strictObject({ is: z.literal('gone') }),
]);
export type ToldContent = z.output<typeof contentShape>;
