/** A failure in the person's language where it is known, else in the words that came with it. */
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { Texts } from './texts.ts';

export interface FailureWords {
  readonly what: string;
  /** What to do; '' where there is nothing to say. */
  readonly remedy: string;
  /** The words that came with it, where others stand in their place: they may name the file or the host. */
  readonly detail: string;
}

export function failureWords({ find }: Texts, { code, message, action }: ToldFailure): FailureWords {
  const what = find(`failure.${code}`);
  if (what === undefined) return { what: asSentence(message), remedy: asSentence(action), detail: '' };
  return { what, remedy: find(`remedy.${code}`) ?? '', detail: message };
}

/** The words that come with failures are made to stand after a name: without a capital and a full stop. */
function asSentence(words: string): string {
  if (words === '') return words;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?…:]$/.test(words) ? '' : '.'}`;
}
