import type { AgentEvent } from './agent-event.ts';
import type { AgentHost } from './agent-host.ts';
import { syncByAgent } from './ask-agent.ts';
import { byAgentOrHere } from './by-agent-or-here.ts';
import { runSync } from './run-sync.ts';
import type { SyncReport } from './sync-once.ts';

/** One pass, by the running agent where there is one. Throws as `syncByAgent`, `runSync`. */
export function syncByAgentOrHere(host: AgentHost, emit: (event: AgentEvent) => void): Promise<SyncReport> {
  const ask = async (): Promise<{ readonly answer: SyncReport } | undefined> => {
    const answer = await syncByAgent(host, emit);
    return answer === undefined ? undefined : { answer };
  };
  return byAgentOrHere(host, { ask, act: () => runSync(host, emit) });
}
