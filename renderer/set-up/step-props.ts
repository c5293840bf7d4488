import type { Draft } from './draft.ts';

/** What every page of the wizard gets. */
export interface StepProps {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  readonly onBack: (() => void) | undefined;
  readonly onNext: () => void;
}
