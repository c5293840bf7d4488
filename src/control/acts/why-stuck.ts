import type { Overview } from './overview-acts.ts';
import type { ToldFailure } from './shared-shapes.ts';

/** Why nothing is synced, where that is not merely a store that is away or slow: a person has to hear of it. */
export function whyStuck({ state, why }: Pick<Extract<Overview, { is: 'linked' }>, 'state' | 'why'>): ToldFailure | undefined {
  if (state === 'pending') return why?.code === 'E_STORE_LATE' ? undefined : why;
  return state === 'offline' && why?.code !== 'E_STORE_UNREACHABLE' ? why : undefined;
}
