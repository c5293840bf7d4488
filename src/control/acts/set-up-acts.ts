/** From nothing to a linked folder. What fails or is broken off leaves nothing behind. */
import { z } from 'zod';
import { bytesSchema, countSchema, diskPathSchema, keyStorageShape, secretTextSchema } from './shared-shapes.ts';

/** Where the vault is to be, or is. `url` as `cachette init --store` takes it; credentials that do not fit a URL beside it. */
export const storePlaceShape = z.strictObject({
  url: secretTextSchema,
  /** S3: in place of the environment's. */
  accessKey: secretTextSchema.optional(),
  secretKey: secretTextSchema.optional(),
  /** WebDAV: in place of the URL's. */
  user: secretTextSchema.optional(),
  password: secretTextSchema.optional(),
});

const linkShape = {
  store: storePlaceShape,
  folder: diskPathSchema,
  /** The computer's name where left out. */
  deviceName: z.string().max(255).optional(),
  /** The keychain where there is one, else a file, where left out. */
  keyStorage: keyStorageShape.optional(),
};

const linkedShape = z.strictObject({
  vaultId: z.string(),
  device: z.string(),
  /** What the store can't do, in words. */
  notes: z.array(z.string()),
});

export const setUpActs = {
  /** Whether the store can be reached and written, and what is there; a failure says why not. */
  'probe-store': {
    ask: z.strictObject({ store: storePlaceShape }),
    answer: z.strictObject({ has: z.enum(['nothing', 'vault', 'other-things']), notes: z.array(z.string()) }),
  },
  /** Store servers of this network that say so themselves: proposals, to be tried as any other. Takes a second or two. */
  'find-servers': {
    ask: z.strictObject({}),
    answer: z.strictObject({ rows: z.array(z.strictObject({ host: z.ipv4(), port: z.int().min(1).max(65_535) })).max(20) }),
  },
  /** Whether this folder can be linked (a failure says why not), and what it holds. */
  'look-at-folder': {
    ask: z.strictObject({ folder: diskPathSchema }),
    answer: z.strictObject({
      exists: z.boolean(),
      files: countSchema,
      bytes: bytesSchema,
      /** Counting ended at a bound: it holds at least that. */
      isMore: z.boolean(),
      freeBytes: bytesSchema.nullable(),
    }),
  },
  /** Whether the system has a keychain that takes a key and gives it back; else this device's keys will rest in a file. */
  'look-at-keychain': { ask: z.strictObject({}), answer: z.strictObject({ works: z.boolean() }) },
  'suggest-passphrase': { ask: z.strictObject({}), answer: z.strictObject({ passphrase: secretTextSchema }) },
  /** `score` 0 (none) to 4; `isEnough`: `init` takes it; `warning` in English, '' where there is none. */
  'weigh-passphrase': {
    ask: z.strictObject({ passphrase: secretTextSchema }),
    answer: z.strictObject({ score: z.int().min(0).max(4), isEnough: z.boolean(), warning: z.string() }),
  },
  /** Makes a vault and links the folder. The recovery key is answered this one time. */
  init: {
    ask: z.strictObject({ ...linkShape, passphrase: secretTextSchema.optional() }),
    answer: linkedShape.extend({ recoveryKey: secretTextSchema }),
  },
  /** Joins by passphrase or by recovery key. */
  join: {
    ask: z.strictObject({
      ...linkShape,
      passphrase: secretTextSchema.optional(),
      recoveryKey: secretTextSchema.optional(),
      head: z.string().max(4096).optional(),
    }),
    answer: linkedShape,
  },
  /** Joins once another device lets this one in; the code to be typed there comes as an event `join-code` with `code`. */
  'join-by-code': { ask: z.strictObject(linkShape), answer: linkedShape },
  /** Breaks off an `init` or a join that is under way; it fails, and leaves nothing behind. */
  'stop-set-up': { ask: z.strictObject({}), answer: z.strictObject({}) },
} as const;
