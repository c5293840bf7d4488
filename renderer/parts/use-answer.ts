/** What was answered last, asked again whenever something happened that may have changed it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { ShellAct, ShellAnswered, ShellAsked } from '../../src/control/acts/shell-acts.ts';
import type { Answered, Asked, WindowAct } from '../../src/control/acts/window-acts.ts';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';
import { ask, askShell, listen } from './bridge.ts';

export interface Looked<Answer> {
  /** undefined: nothing came yet. What came last stays while a newer question fails. */
  readonly answer: Answer | undefined;
  readonly failure: ToldFailure | undefined;
  readonly again: () => void;
}

/** Of the agent; asked again on `events`, and when the agent was started again. */
export function useAnswer<Act extends WindowAct>(act: Act, asked: Asked<Act>, events: readonly string[]): Looked<Answered<Act>> {
  return useOutcome(() => ask(act, asked), `${act} ${JSON.stringify(asked)}`, [...events, 'agent']);
}

/** Of the desktop. */
export function useShellAnswer<Act extends ShellAct>(
  act: Act,
  asked: ShellAsked<Act>,
  events: readonly string[],
): Looked<ShellAnswered<Act>> {
  return useOutcome(() => askShell(act, asked), `${act} ${JSON.stringify(asked)}`, events);
}

/** `key`: what the question depends on. While a question is under way, any number of events makes one more. */
function useOutcome<Answer>(question: () => Promise<Outcome<Answer>>, key: string, events: readonly string[]): Looked<Answer> {
  const [looked, setLooked] = useState<{ readonly key: string; readonly answer?: Answer; readonly failure?: ToldFailure }>({ key });
  const latest = useRef({ question, events });
  useEffect(() => {
    latest.current = { question, events };
  });
  const lookAgain = useRef<() => void>(() => {});

  useEffect(() => {
    let isOver = false;
    let isAsking = false;
    let isStale = false;
    const look = async (): Promise<void> => {
      isStale = true;
      if (isAsking) return;
      isAsking = true;
      while (isStale) {
        isStale = false;
        const outcome = await latest.current.question();
        if (isOver) return;
        setLooked((before) => {
          if (outcome.ok) return { key, answer: outcome.answer };
          return before.key === key && before.answer !== undefined
            ? { key, answer: before.answer, failure: outcome.failure }
            : { key, failure: outcome.failure };
        });
      }
      isAsking = false;
    };
    lookAgain.current = () => void look();
    const stop = listen(({ event }) => {
      if (latest.current.events.includes(event)) void look();
    });
    void look();
    return () => {
      isOver = true;
      stop();
    };
  }, [key]);

  const again = useCallback(() => lookAgain.current(), []);
  // An answer to another question is none.
  const isOfThis = looked.key === key;
  return { answer: isOfThis ? looked.answer : undefined, failure: isOfThis ? looked.failure : undefined, again };
}
