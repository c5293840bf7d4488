/** Deciding conflicts, and taking the last decision back. */
import { useState } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { ask } from '../parts/bridge.ts';
import { useDoing } from '../parts/use-doing.ts';

export type Keep = 'local' | 'remote' | 'both';

/** What was done last, for the line that offers to undo it. `undo`: empty where it can't be. */
export interface Decision {
  readonly is: 'decided' | 'undone';
  readonly files: number;
  readonly undo: readonly string[];
}

/** As many as the agent takes at once. */
const atOnce = 500;

export interface Decisions {
  readonly last: Decision | undefined;
  readonly isBusy: boolean;
  readonly failure: ToldFailure | undefined;
  /** Exactly these: a conflict that came meanwhile is not meant. `done` once any of them is decided. */
  readonly decide: (ids: readonly string[], keep: Keep, done: () => void) => void;
  readonly undo: (done: () => void) => void;
  readonly forget: () => void;
}

export function useDecisions(): Decisions {
  const { run, isBusy, failure, forget } = useDoing();
  const [last, setLast] = useState<Decision>();
  const [partFailure, setPartFailure] = useState<ToldFailure>();
  const start = (
    work: () => Promise<{ readonly decision: Decision; readonly failure: ToldFailure | undefined }>,
    done: () => void,
  ): void => {
    setPartFailure(undefined);
    run(
      async () => ({ ok: true, answer: await work() }),
      (worked) => {
        setPartFailure(worked.failure);
        if (worked.failure !== undefined && worked.decision.files === 0) return;
        setLast(worked.decision);
        done();
      },
    );
  };
  return {
    last,
    isBusy,
    failure: failure ?? partFailure,
    decide: (ids, keep, done) => start(() => decideAll(ids, keep), done),
    undo: (done) => start(() => undoAll(last?.undo ?? []), done),
    forget: () => {
      setLast(undefined);
      setPartFailure(undefined);
      forget();
    },
  };
}

interface Worked {
  readonly decision: Decision;
  /** What came in the way of the rest. */
  readonly failure: ToldFailure | undefined;
}

async function decideAll(ids: readonly string[], keep: Keep): Promise<Worked> {
  let files = 0;
  const undo: string[] = [];
  for (let at = 0; at < ids.length; at += atOnce) {
    const outcome = await ask('decide', { conflicts: ids.slice(at, at + atOnce), keep });
    if (!outcome.ok) return { decision: { is: 'decided', files, undo }, failure: outcome.failure };
    files += outcome.answer.resolved;
    if (outcome.answer.undo !== null) undo.push(outcome.answer.undo);
  }
  return { decision: { is: 'decided', files, undo }, failure: undefined };
}

async function undoAll(tokens: readonly string[]): Promise<Worked> {
  let files = 0;
  for (const undo of tokens.toReversed()) {
    const outcome = await ask('undo-decision', { undo });
    if (!outcome.ok) return { decision: { is: 'undone', files, undo: [] }, failure: outcome.failure };
    files += outcome.answer.restored;
  }
  return { decision: { is: 'undone', files, undo: [] }, failure: undefined };
}
