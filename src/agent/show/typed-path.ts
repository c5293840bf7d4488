/** Paths of the synced folder as people type them. */
import { nameFromBytes, parseDisplayName, type NodeName } from '../../model/name.ts';

/** The names of a path: empty parts and '.' are none. */
export function namesOf(path: string): NodeName[] {
  return path.split('/').filter((name) => name !== '' && name !== '.') as NodeName[];
}

/** What a path can mean, the likeliest first: what is typed, then what listings show so (`\xff`, `\u{a}`). */
export function readingsOf(path: string): NodeName[][] {
  const typed = namesOf(path);
  const shown = typed.map(parseDisplayName);
  return shown.every((name, at) => name === typed[at]) ? [typed] : [typed, shown];
}

/**
 * Arguments with names that are no text: a process is given bytes, of which Node keeps only what is UTF-8. `commandLine` is
 * what the system has of it, its parts ended by NUL; where it does not fit, the arguments stay as they are.
 */
export function argumentNames(args: readonly string[], commandLine: Uint8Array): string[] {
  const parts = Buffer.from(commandLine).toString('latin1').split('\0').slice(0, -1);
  const raw = parts.slice(Math.max(0, parts.length - args.length)).map((part) => Buffer.from(part, 'latin1'));
  return args.map((arg, at) => {
    const bytes = raw[at];
    return bytes?.toString('utf8') === arg ? nameFromBytes(bytes) : arg;
  });
}
