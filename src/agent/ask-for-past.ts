/** Restoring and rewinding: done by the running agent where there is one, else here. */
import { z } from 'zod';
import { ControlClient } from '../control/control-client.ts';
import type { ControlQuestion } from '../control/messages.ts';
import type { AgentHost } from './agent-host.ts';
import { openSession, type Session } from './open-session.ts';
import { ProfileFolder } from './profile-folder.ts';
import { restorePath, type RestoreOutcome, type RestoreRequest } from './restore-path.ts';
import { rewindPath, type RewindOutcome, type RewindRequest } from './rewind-path.ts';

const restoreSchema: z.ZodType<RestoreOutcome> = z.object({ path: z.string(), files: z.int(), folders: z.int() });
const rewindSchema: z.ZodType<RewindOutcome> = z.object({
  changes: z.int(),
  items: z.array(z.object({ path: z.string(), do: z.enum(['restored', 'changed', 'moved', 'removed']) })),
  version: z.string().nullable(),
});

/** Throws as `restorePath`, `openSession`. */
export async function restore(host: AgentHost, request: RestoreRequest): Promise<RestoreOutcome> {
  const asked = await askAgent(host, { do: 'restore', ...request });
  return asked === undefined ? here(host, (session) => restorePath(session, request, host.signal)) : restoreSchema.parse(asked.answer);
}

/** Throws as `rewindPath`, `openSession`. */
export async function rewind(host: AgentHost, request: RewindRequest): Promise<RewindOutcome> {
  const asked = await askAgent(host, { do: 'rewind', ...request });
  return asked === undefined ? here(host, (session) => rewindPath(session, request, host.signal)) : rewindSchema.parse(asked.answer);
}

/** undefined where no agent is running. */
async function askAgent(host: AgentHost, question: ControlQuestion): Promise<{ readonly answer: unknown } | undefined> {
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  const client = await ControlClient.connect(folder.dir, host);
  if (client === undefined) return undefined;
  const onAbort = (): void => client.close();
  host.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return { answer: await client.ask(question) };
  } finally {
    host.signal.removeEventListener('abort', onAbort);
    client.close();
  }
}

async function here<Result>(host: AgentHost, act: (session: Session) => Promise<Result>): Promise<Result> {
  const session = await openSession(host, () => {});
  try {
    return await act(session);
  } finally {
    await session.close();
  }
}
