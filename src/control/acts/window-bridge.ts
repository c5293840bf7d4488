/** What the preload gives to a window as `window.cachette`: the only way out of it. */
import type { ToldFailure } from './shared-shapes.ts';
import type { ShellAct, ShellAnswered, ShellAsked } from './shell-acts.ts';
import type { Answered, Asked, WindowAct } from './window-acts.ts';

/** An answer, or why there is none. Never rejects: what crosses the bridge is data. */
export type Outcome<Answer> = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly failure: ToldFailure };

/**
 * Something happened; look again. `state`, `progress`, `conflicts`, `problems`, `activity`, `folders`, `devices`, `settings`, `verify`:
 * what of the agent's is not what it was. `join-code`: with `code`. `agent`, `preferences`, `vaults`: of the desktop. `show`: this window is
 * to show `page` or `path`.
 */
export interface WindowEvent {
  readonly event: string;
  readonly code?: string;
  readonly page?: string;
  readonly path?: string;
}

export interface WindowBridge {
  readonly ask: <Act extends WindowAct>(act: Act, asked: Asked<Act>) => Promise<Outcome<Answered<Act>>>;
  readonly askShell: <Act extends ShellAct>(act: Act, asked: ShellAsked<Act>) => Promise<Outcome<ShellAnswered<Act>>>;
  /** Gives the way to stop listening. */
  readonly listen: (hear: (event: WindowEvent) => void) => () => void;
}
