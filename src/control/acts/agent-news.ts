/** What the agent tells windows: not what happened, only of what kind it was. Whoever shows such a thing asks for it again. */
import { z } from 'zod';

export const agentNewsKinds = [
  'state',
  'progress',
  'conflicts',
  'problems',
  'activity',
  'folders',
  'devices',
  'settings',
  'verify',
  'join-code',
] as const;
export type AgentNewsKind = (typeof agentNewsKinds)[number];

/** `code` only with `join-code`: what is typed on a device of the vault. */
export const agentNewsSchema = z.strictObject({ event: z.enum(agentNewsKinds), code: z.string().max(64).optional() });
export type AgentNews = z.output<typeof agentNewsSchema>;
