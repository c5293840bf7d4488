/** What needs a session: done by the running agent where there is one, else here. */
import { z } from 'zod';
import { failureMeanings, type FailureCode } from '../base/failure.ts';
import type { ControlQuestion } from '../control/messages.ts';
import type { SettleChange } from '../model/change.ts';
import type { AgentHost } from './agent-host.ts';
import { atOwner } from './at-owner.ts';
import { repairVault } from './verify/repair-vault.ts';
import { resolveConflicts, type ConflictChoice, type ResolveReport } from './show/resolve-conflicts.ts';
import { restorePath, type RestoreOutcome, type RestoreRequest } from './past/restore-path.ts';
import { rewindPath, type RewindOutcome, type RewindRequest } from './past/rewind-path.ts';
import { verifyVault, type VerifyReport } from './verify/verify-vault.ts';

const restoreSchema: z.ZodType<RestoreOutcome> = z.object({ path: z.string(), files: z.int(), folders: z.int() });
const rewindSchema: z.ZodType<RewindOutcome> = z.object({
  changes: z.int(),
  items: z.array(z.object({ path: z.string(), do: z.enum(['restored', 'changed', 'moved', 'removed']) })),
  version: z.string().nullable(),
});
const resolveSchema: z.ZodType<ResolveReport> = z.object({ resolved: z.int() });
const verifySchema: z.ZodType<VerifyReport> = z.object({
  keyLists: z.int(),
  entries: z.int(),
  packs: z.int(),
  chunks: z.int(),
  damaged: z.array(z.object({ object: z.string(), code: codeSchema(), message: z.string() })),
  files: z.array(z.string()),
});

/** Throws as `restorePath`, `openSession`. */
export function restore(host: AgentHost, request: RestoreRequest): Promise<RestoreOutcome> {
  const question: ControlQuestion = { do: 'restore', ...request };
  return atOwner(host, { question, answer: restoreSchema, act: (session) => restorePath(session, request, { signal: host.signal }) });
}

/** Throws as `rewindPath`, `openSession`. */
export function rewind(host: AgentHost, request: RewindRequest): Promise<RewindOutcome> {
  const question: ControlQuestion = { do: 'rewind', ...request };
  return atOwner(host, { question, answer: rewindSchema, act: (session) => rewindPath(session, request, host.signal) });
}

/** Throws as `resolveConflicts`, `openSession`. */
export function resolve(host: AgentHost, choice: ConflictChoice, keep: SettleChange['keep']): Promise<ResolveReport> {
  const question: ControlQuestion = { do: 'resolve', conflicts: choice === 'all' ? 'all' : [...choice], keep };
  return atOwner(host, {
    question,
    answer: resolveSchema,
    act: (session) => resolveConflicts(session, { choice, keep }, { signal: host.signal }),
  });
}

/** How to verify. */
export interface VerifyOptions {
  readonly readsData: boolean;
  /** Makes good what this device can. */
  readonly repairs: boolean;
}

/** Throws as `verifyVault`, `repairVault`, `openSession`. */
export function verify(host: AgentHost, { readsData, repairs }: VerifyOptions): Promise<VerifyReport> {
  const question: ControlQuestion = { do: 'verify', data: readsData, ...(repairs ? { repair: true } : {}) };
  const act = repairs ? repairVault : verifyVault;
  return atOwner(host, { question, answer: verifySchema, act: (session) => act(session, { readsData }, host.signal) });
}

function codeSchema(): z.ZodType<FailureCode> {
  return z.string().refine((code): code is FailureCode => code in failureMeanings);
}
