/** What only the owner of a profile can do: done by the running agent where there is one, else by a session of our own. */
import { z } from 'zod';
import { ControlClient } from '../control/control-client.ts';
import type { ControlQuestion } from '../control/messages.ts';
import type { AgentHost } from './agent-host.ts';
import { byAgentOrHere } from './by-agent-or-here.ts';
import { openSession, type Session } from './open-session.ts';
import { ProfileFolder } from './profile/profile-folder.ts';

/** From then on a person wonders. */
const patienceMs = 2_000;

const stateSchema = z.object({ state: z.string() });

/** The same thing twice: how to ask for it, and how to do it. */
export interface OwnersTask<Result> {
  readonly question: ControlQuestion;
  /** What the agent's answer must be. */
  readonly answer: z.ZodType<Result>;
  readonly act: (session: Session) => Promise<Result>;
}

/** Throws what the task throws, and as `openSession` or `ControlClient.connect`. */
export async function atOwner<Result>(host: AgentHost, { question, answer, act }: OwnersTask<Result>): Promise<Result> {
  const ask = async (): Promise<{ readonly answer: Result } | undefined> => {
    const asked = await askAgent(host, question);
    return asked === undefined ? undefined : { answer: answer.parse(asked.answer) };
  };
  return byAgentOrHere(host, { ask, act: () => here(host, act) });
}

/** undefined where no agent is running. */
async function askAgent(host: AgentHost, question: ControlQuestion): Promise<{ readonly answer: unknown } | undefined> {
  if (host.agent !== undefined) return { answer: await host.agent.ask(question) };
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  const client = await ControlClient.connect(folder.dir, host);
  if (client === undefined) return undefined;
  const onAbort = (): void => client.close();
  host.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return { answer: await askTellingWhy(host, client, question) };
  } finally {
    host.signal.removeEventListener('abort', onAbort);
    client.close();
  }
}

/** What needs a pass of its own waits for the one that goes on, and a first one may take hours; all else waits for its next batch. */
const needPass: ReadonlySet<ControlQuestion['do']> = new Set(['rewind', 'verify']);

/** Asks; a person who waits for long is told why. */
async function askTellingWhy(host: AgentHost, client: ControlClient, question: ControlQuestion): Promise<unknown> {
  const answered = new AbortController();
  const tell = async (): Promise<void> => {
    await host.clock.sleep(patienceMs, answered.signal);
    const { state } = stateSchema.parse(await client.ask({ do: 'status' }));
    if (answered.signal.aborted || state !== 'syncing') return;
    const when = needPass.has(question.do) ? 'this begins when it has finished' : 'this is done as soon as it has put away what it is at';
    host.warn(`the running agent is syncing: ${when}, also where you do not wait for it`);
  };
  // Whatever is wrong with the agent, the answer says.
  const telling = tell().catch(() => undefined);
  try {
    return await client.ask(question);
  } finally {
    answered.abort();
    void telling;
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
