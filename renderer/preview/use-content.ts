/** Contents that the agent reads from the vault, made ready to be shown. */
import { useMemo } from 'react';
import type { ToldContent, ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { useAnswer, type Looked } from '../parts/use-answer.ts';
import { toShown, type ShownContent } from './shown-content.ts';

/**
 * As many bytes as the agent gives at once. Written here once more: a value of the contract would bring in the parser that checks
 * it, which tries whether it may make code from text, and the windows' policy refuses that with a report.
 */
const shownMaxBytes = 2 * 1024 * 1024;

export interface LookedContent {
  /** undefined: not there yet, or `failure` says why not. */
  readonly content: ShownContent | undefined;
  readonly failure: ToldFailure | undefined;
  readonly again: () => void;
}

export function useSide(conflict: string, side: 'ours' | 'theirs' | 'ancestor'): LookedContent {
  return useShown(useAnswer('read-side', { conflict, side, maxBytes: shownMaxBytes }, []));
}

export function useVersion(path: string, version: string): LookedContent {
  return useShown(useAnswer('read-version', { path, version, maxBytes: shownMaxBytes }, []));
}

function useShown({ answer, failure, again }: Looked<ToldContent>): LookedContent {
  const content = useMemo(() => (answer === undefined ? undefined : toShown(answer)), [answer]);
  return { content, failure, again };
}
