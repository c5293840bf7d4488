/** The vaults of this computer, and which of them this window is about. */
import type { ShellAnswered, VaultRow } from '../../src/control/acts/shell-acts.ts';
import { useShellAnswer } from './use-answer.ts';

export interface Vaults {
  /** None that is only being set up. */
  readonly rows: readonly VaultRow[];
  readonly here: ShellAnswered<'list-vaults'>['here'];
  /** Whether there are others than the one of this window. */
  readonly areMore: boolean;
}

/** undefined: not known yet. */
export function useVaults(): Vaults | undefined {
  const { answer } = useShellAnswer('list-vaults', {}, ['vaults', 'preferences']);
  return answer === undefined ? undefined : { ...answer, areMore: answer.rows.some(({ vault }) => vault !== answer.here) };
}
