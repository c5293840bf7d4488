/** Talking to the agent of a profile that is running in another process. */
import { z } from 'zod';
import { failureMeanings, type FailureCode } from '../base/failure.ts';
import { ControlClient } from '../control/control-client.ts';
import type { AgentEvent } from './agent-event.ts';
import type { AgentHost } from './agent-host.ts';
import { changeIndex } from './profile/change-index.ts';
import { writePause } from './profile/paused-setting.ts';
import { ProfileFolder } from './profile/profile-folder.ts';
import type { SyncReport } from './sync-once.ts';

const reportSchema: z.ZodType<SyncReport> = z.object({
  problems: z.int(),
  held: z.int(),
  integrityCodes: z.array(z.string().refine((code): code is FailureCode => code in failureMeanings)),
  left: z.int(),
  bytesUp: z.number(),
  bytesDown: z.number(),
  passes: z.int(),
});

/**
 * Asks the running agent for a pass and waits for it; undefined where none runs. Throws what the pass threw, E_LOCAL_PERMS,
 * E_BUSY where the agent ended meanwhile.
 */
export async function syncByAgent(host: AgentHost, emit: (event: AgentEvent) => void): Promise<SyncReport | undefined> {
  const client = await connect(host, emit);
  if (client === undefined) return undefined;
  const onAbort = (): void => client.close();
  host.signal.addEventListener('abort', onAbort, { once: true });
  try {
    await client.ask({ do: 'events' });
    return reportSchema.parse(await client.ask({ do: 'sync' }));
  } finally {
    host.signal.removeEventListener('abort', onAbort);
    client.close();
  }
}

/** Pauses or resumes this device, now and after restarts. Whether an agent is running that heard it. */
export async function setPaused(host: AgentHost, paused: boolean): Promise<boolean> {
  const client = await connect(host, () => {});
  try {
    await client?.ask({ do: paused ? 'pause' : 'resume' });
  } finally {
    client?.close();
  }
  if (client === undefined) {
    await changeIndex(host, (index) => {
      writePause(index, paused ? { untilMs: undefined } : undefined);
    });
  }
  return client !== undefined;
}

/** Has the running agent bring about what was chosen in the index. Whether one is running. */
export async function announceSelection(host: AgentHost): Promise<boolean> {
  const client = await connect(host, () => {});
  try {
    await client?.ask({ do: 'select' });
  } finally {
    client?.close();
  }
  return client !== undefined;
}

/** Events were checked as far as the contract between processes goes; whoever shows them takes what it knows. */
async function connect(host: AgentHost, emit: (event: AgentEvent) => void): Promise<ControlClient | undefined> {
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  return ControlClient.connect(folder.dir, host, (event) => {
    emit(event as unknown as AgentEvent);
  });
}
