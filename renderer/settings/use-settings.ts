/** The settings of the agent, by name, and how to change one. */
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import { ask } from '../parts/bridge.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { useDoing } from '../parts/use-doing.ts';

export interface Settings {
  /** undefined before they are there; '' of one that is not set. */
  readonly valueOf: (key: string) => string | undefined;
  readonly isThere: boolean;
  /** 'default' takes it back. */
  readonly change: (key: string, value: string) => void;
  readonly failure: ToldFailure | undefined;
}

export function useSettings(): Settings {
  const { answer, failure, again } = useAnswer('list-settings', {}, ['settings']);
  const changing = useDoing();
  return {
    isThere: answer !== undefined,
    valueOf: (key) => {
      const row = answer?.rows.find((each) => each.key === key);
      return row === undefined ? undefined : String(row.value ?? '');
    },
    change: (key, value) => changing.run(() => ask('change-setting', { key, value }), again),
    failure: changing.failure ?? failure,
  };
}
