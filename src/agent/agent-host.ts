import type { Clock } from '../base/clock.ts';
import type { ControlQuestion } from '../control/messages.ts';

/** What the agent needs of whoever runs it: a command line today, a window tomorrow. */
export interface AgentHost {
  readonly profileDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The passphrase. Throws E_LOCKED where nobody can be asked. Asked for more than once, it is the same one. */
  askPassphrase(): Promise<string>;
  /** One line for people, about something that is no failure. */
  warn(message: string): void;
  /**
   * Where an agent does something for itself: it holds the profile's lock, and listens in its folder, whatever becomes of the
   * profile meanwhile. What only the owner of a profile can do is asked of it here.
   */
  readonly agent?: { ask(question: ControlQuestion): Promise<unknown> };
}
