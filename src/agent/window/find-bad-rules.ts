/** A line of an ignore file that can't match anything. */
export interface BadRule {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

const listedMax = 100;

/** Lines that mean nothing, though somebody meant something by them; at most 100. */
export function findBadRules(text: string): BadRule[] {
  const found: BadRule[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (isBad(line) && found.length < listedMax) found.push({ line: at + 1, text: line });
  }
  return found;
}

function isBad(line: string): boolean {
  if (line.startsWith('#') || line.trim() === '') return false;
  const rule = line.replace(/^!/, '');
  // A backslash at the end stands for nothing; names have no part that is empty, '.' or '..'; '[' without ']' begins nothing.
  const endsInBackslash = /(?<!\\)(?:\\\\)*\\$/.test(rule);
  const isOnlySlashes = /^\/*\s*$/.test(rule);
  const hasBadPart = rule.split('/').some((part) => part === '..' || part === '.') || /[^/]\/\//.test(rule);
  const unclosed = /(?<!\\)\[[^\]]*$/.test(rule);
  return endsInBackslash || isOnlySlashes || hasBadPart || unclosed;
}
