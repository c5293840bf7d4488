/**
 * What processes of one profile say to each other: lines of JSON, each at most `frameMaxBytes`. The first request says hello
 * with the version and the profile's token. Every request has an id, and one answer with that id; events come in between.
 */
import { z } from 'zod';
import { windowActs, type WindowAct } from './acts/window-acts.ts';

/** Both sides have to speak the same one. */
export const controlVersion = 1;

/** A longer line ends the connection. Holds a choice of thousands of folders. */
export const frameMaxBytes = 1024 * 1024;
/** What says hello is short: strangers get no more than this. */
export const helloMaxBytes = 4 * 1024;
/** Of one line that the agent says; an answer that is longer is refused. */
export const replyMaxBytes = 8 * 1024 * 1024;

const id = z.int().min(0);
/** As long as paths can be. */
const pathText = z.string().max(16_384);
/** A slot's record, sealed, in base64. */
const slotText = z.base64().max(4096);

export const requestSchema = z.discriminatedUnion('do', [
  z.strictObject({ id, do: z.literal('hello'), version: z.int(), token: z.string().max(256) }),
  /** Where the agent stands. */
  z.strictObject({ id, do: z.literal('status') }),
  /** A pass over everything; the answer comes when it is over. */
  z.strictObject({ id, do: z.literal('sync') }),
  z.strictObject({ id, do: z.literal('pause') }),
  z.strictObject({ id, do: z.literal('resume') }),
  /** What selective sync leaves out was changed in the index: bring it about. The answer comes at once. */
  z.strictObject({ id, do: z.literal('select') }),
  /** From now on, tell this connection what happens. */
  z.strictObject({ id, do: z.literal('events') }),
  /** From now on, tell this connection what windows should look at again (acts/agent-news.ts). */
  z.strictObject({ id, do: z.literal('listen') }),
  /** One of the acts for windows (acts/window-acts.ts); what is asked is checked by the act's own schema. */
  z.strictObject({ id, do: z.literal('ask'), act: z.enum(Object.keys(windowActs) as WindowAct[]), asked: z.unknown() }),
  /** Reads what was before the snapshot that the device began with. */
  z.strictObject({ id, do: z.literal('bring-past') }),
  /** Brings a state of another time back into the folder. */
  z.strictObject({
    id,
    do: z.literal('restore'),
    path: pathText,
    version: z.string().max(64).optional(),
    atMs: z.int().optional(),
    to: pathText.optional(),
  }),
  /** Makes a folder what it was. */
  z.strictObject({ id, do: z.literal('rewind'), path: pathText, toMs: z.int().optional(), before: z.string().max(64).optional() }),
  /** Decides conflicts for all devices, by the ids of `conflicts` (or their beginnings). */
  z.strictObject({
    id,
    do: z.literal('resolve'),
    conflicts: z.union([z.literal('all'), z.array(z.string().max(64)).max(500)]),
    keep: z.enum(['local', 'remote', 'both']),
  }),
  /** Holds the store against the signed journal; with `data`, every chunk is opened; with `repair`, what is lost is made good. */
  z.strictObject({ id, do: z.literal('verify'), data: z.boolean(), repair: z.boolean().optional() }),
  /** Removes a device from the vault. `slots`: sealed slots in the place of those that it could open. */
  z.strictObject({ id, do: z.literal('revoke'), device: z.string().regex(/^[0-9a-f]{32}$/), slots: z.array(slotText).max(2) }),
  /** The slot of this kind from now on; null: none. */
  z.strictObject({ id, do: z.literal('slot'), kind: z.enum(['passphrase', 'recovery']), slot: slotText.nullable() }),
  /** Lets the device in that shows this code. */
  z.strictObject({ id, do: z.literal('approve'), code: z.string().max(64) }),
  /** Calls this device something else. */
  z.strictObject({ id, do: z.literal('rename'), name: z.string().max(255) }),
  /** The code of what this device has seen of the vault. */
  z.strictObject({ id, do: z.literal('vault-code') }),
  /** A clean end of the agent. */
  z.strictObject({ id, do: z.literal('stop') }),
]);
export type ControlRequest = z.output<typeof requestSchema>;
/** What may be asked after the hello. */
export type ControlAct = Exclude<ControlRequest['do'], 'hello'>;
/** The request for an act. */
export type ControlRequestFor<Act extends ControlAct> = Extract<ControlRequest, { readonly do: Act }>;
/** A question, before it gets its number. */
export type ControlQuestion = { readonly [Act in ControlAct]: Omit<ControlRequestFor<Act>, 'id'> }[ControlAct];

const failureSchema = z.strictObject({ code: z.string().max(64), message: z.string(), action: z.string() });

const eventSchema = z.looseObject({ event: z.string().max(64) });
/** As the agent tells it: `event` names the kind, the other fields depend on it. */
export type ControlEvent = z.output<typeof eventSchema>;

export const replySchema = z.union([
  z.strictObject({ id, ok: z.literal(true), result: z.unknown().optional() }),
  /** No id: the request could not be read. */
  z.strictObject({ id: id.optional(), ok: z.literal(false), failure: failureSchema }),
  z.strictObject({ tell: eventSchema }),
]);
export type ControlReply = z.output<typeof replySchema>;
