/** What a person has said so far, and what comes after what. */
import type { Picked } from '../../src/control/acts/shell-acts.ts';
import { emptyStoreFields, type StoreFields, type StoreKind } from './store-place.ts';

export interface Draft {
  readonly way: 'new' | 'join';
  readonly storeKind: StoreKind;
  readonly store: StoreFields;
  readonly folder: Picked | undefined;
  readonly lock: 'passphrase' | 'none';
  readonly passphrase: string;
  readonly joinBy: 'passphrase' | 'recovery-key' | 'code';
  readonly recoveryKey: string;
  /** The passphrase is asked for at each start; else the keychain or a file keeps the device's keys. */
  readonly asksAtStart: boolean;
}

export const emptyDraft: Draft = {
  way: 'new',
  storeKind: 'server',
  store: emptyStoreFields,
  folder: undefined,
  lock: 'passphrase',
  passphrase: '',
  joinBy: 'passphrase',
  recoveryKey: '',
  asksAtStart: false,
};

export type Step = 'way' | 'store' | 'folder' | 'key' | 'work' | 'recovery' | 'done';

/** The pages in their order; `recovery` only where a vault is made. */
export function stepsOf(way: Draft['way']): readonly Step[] {
  return way === 'new' ? ['way', 'store', 'folder', 'key', 'work', 'recovery', 'done'] : ['way', 'store', 'folder', 'key', 'work', 'done'];
}

export function stepAfter(step: Step, way: Draft['way']): Step {
  const steps = stepsOf(way);
  return steps[steps.indexOf(step) + 1] ?? step;
}

/** undefined where there is no way back: nothing before, or a vault was made. */
export function stepBefore(step: Step, way: Draft['way']): Step | undefined {
  if (step === 'recovery' || step === 'done') return undefined;
  const steps = stepsOf(way);
  return steps[steps.indexOf(step) - 1];
}
