import type { Command } from 'commander';
import type { AgentHost } from '../agent/agent-host.ts';
import type { PassphraseSource } from './passphrase-source.ts';
import type { Terminal } from './terminal.ts';

/** What a command works with. */
export interface CommandRun {
  readonly terminal: Terminal;
  readonly host: AgentHost;
  readonly passphrase: PassphraseSource;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** A line for people: not where nothing or only JSON is wanted. */
  say(line: string): void;
  /** A result: the value where JSON is wanted, the words otherwise. */
  tell(value: unknown, words: () => readonly string[]): void;
}

/** Runs what a command does and keeps its exit code. */
export type Perform = (command: Command, act: (run: CommandRun) => Promise<number>) => Promise<void>;

/** Adds one command to the program. */
export type AddCommand = (program: Command, perform: Perform) => void;
