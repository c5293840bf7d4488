/** A window in a state: what stands in for the agent and the desktop, and how it is looked at. */
import type { Preferences, ShellAct, ShellAnswered, ShellAsked, WindowName } from '../../../src/control/acts/shell-acts.ts';
import type { Answered, Asked, WindowAct } from '../../../src/control/acts/window-acts.ts';
import type { Outcome } from '../../../src/control/acts/window-bridge.ts';

export type AgentAnswers = { readonly [Act in WindowAct]: (asked: Asked<Act>) => Outcome<Answered<Act>> | 'never' };
export type ShellAnswers = { readonly [Act in ShellAct]: (asked: ShellAsked<Act>) => Outcome<ShellAnswered<Act>> | 'never' };

/** What a person does before the state is there. */
export type Step =
  | {
      readonly press: string;
      readonly isExact?: boolean;
      readonly role?: 'button' | 'radio' | 'menuitem' | 'tab' | 'checkbox' | 'treeitem' | 'row' | 'option' | 'switch';
    }
  | { readonly fill: string; readonly with: string }
  | { readonly keys: readonly string[] }
  | { readonly see: string }
  | { readonly hear: { readonly event: string; readonly code?: string } };

export interface Scene {
  readonly name: string;
  readonly window: WindowName;
  readonly page?: string;
  /** One that stands for others like it. */
  readonly isTypical?: boolean;
  /** A list of names that anybody may have given. */
  readonly isHostile?: boolean;
  readonly path?: string;
  readonly size: readonly [width: number, height: number];
  readonly agent?: Partial<AgentAnswers>;
  /** As the desktop answers, whose words are in the person's language, too. */
  readonly shell?: Partial<ShellAnswers> | ((language: 'en' | 'fr') => Partial<ShellAnswers>);
  /** What the person set otherwise than usual. */
  readonly preferences?: Partial<Preferences>;
  /** By the words of the English texts: only played in English. */
  readonly steps?: readonly Step[];
  readonly tells?: readonly { readonly event: string; readonly code?: string }[];
}

export function yes<Answer>(answer: Answer): Outcome<Answer> {
  return { ok: true, answer };
}

export function no(
  code: string,
  message = 'what the agent says of it',
  action = 'what to do',
): { readonly ok: false; readonly failure: { code: string; message: string; action: string } } {
  return { ok: false, failure: { code, message, action } };
}
