import type { Clock } from '../base/clock.ts';

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
}
