/** What a report tells of the app itself, in lines: chosen value by value, nothing of the person's. The agent tells of the rest (diagnose.ts). */
import type { Preferences, ToldUpdates } from '../../control/acts/shell-acts.ts';
import type { AgentCondition } from './agent-process.ts';

export interface AppFacts {
  readonly version: string;
  readonly electron: string;
  /** As `linux x64`. */
  readonly system: string;
  readonly isPackaged: boolean;
  readonly hasTray: boolean;
  readonly agents: readonly (AgentCondition & { readonly vault: number })[];
  readonly preferences: Preferences;
  readonly updates: ToldUpdates;
  /** Lines of faults.log. */
  readonly faults: readonly string[];
}

export function appReport(facts: AppFacts): string {
  const { version, electron, system, isPackaged, hasTray, agents, preferences, updates, faults } = facts;
  return [
    `app ${version}, electron ${electron}, ${system}, ${isPackaged ? 'packaged' : 'from a folder'}, ${hasTray ? 'tray' : 'no tray'}`,
    ...agents.map(({ vault, is, why }) => `vault ${vault}: agent ${is}${codeIn(why)}`),
    `updates ${updates.is}${'why' in updates ? ` (${updates.why})` : ''}`,
    ...Object.entries(preferences).map(([name, value]) => `${name} ${preferenceWord(value)}`),
    ...(faults.length === 0 ? ['no faults of the app'] : faults),
    '',
  ].join('\n');
}

/** What an agent said last may name files: its code does not. */
function codeIn(why: string): string {
  const code = /\bE_[A-Z_]{1,40}\b/.exec(why)?.[0];
  return code === undefined ? '' : `, ${code}`;
}

/** Words and numbers are of a short list; hours are nobody's business. */
function preferenceWord(value: Preferences[keyof Preferences]): string {
  if (value === null) return 'not set';
  return typeof value === 'object' ? 'set' : String(value);
}
