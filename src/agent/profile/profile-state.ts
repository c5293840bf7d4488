/** Where an agent stands with its profile: decisions only, what is done about them is in profile-host.ts. */
import { Failure, unreachable, type FailureCode } from '../../base/failure.ts';

export type ProfileState =
  /** There is no profile: it waits for `init` or a join. */
  | { readonly is: 'unlinked' }
  /** A passphrase seals the device's keys, and nobody gave it yet. */
  | { readonly is: 'locked' }
  /** A session is to be kept; `isProven`: the keys opened before, or nothing has to be typed for them. */
  | { readonly is: 'opening'; readonly isProven: boolean }
  /** Something went wrong that a person has to see. `retryMs`: when it is tried again by itself; undefined: when asked. */
  | { readonly is: 'stopped'; readonly why: Failure; readonly retryMs: number | undefined };

/** What the profile's files say, and whether somebody gave the passphrase. */
export interface ProfileFacts {
  readonly isLinked: boolean;
  /** Whether a passphrase seals the device's keys. */
  readonly isSealed: boolean;
  readonly hasPassphrase: boolean;
}

const retryAfterMs = 60_000;
/** Only a person can do something about these: another try would ask the keychain again, or write to the log for ever. */
const final: ReadonlySet<FailureCode> = new Set([
  'E_LOCKED',
  'E_KEYCHAIN_WEAK',
  'E_KEYCHAIN_LOCKED',
  'E_REVOKED',
  'E_CLONED_DEVICE',
  'E_ROLLBACK',
  'E_FORK',
  'E_REPLACED_VAULT',
  'E_STORE_EMPTY',
  'E_INDEX_NEWER',
  'E_USAGE',
]);

/** Where an agent begins, and where it goes on after something was done to the profile. */
export function stateFor({ isLinked, isSealed, hasPassphrase }: ProfileFacts): ProfileState {
  if (!isLinked) return { is: 'unlinked' };
  return isSealed && !hasPassphrase ? { is: 'locked' } : { is: 'opening', isProven: !isSealed };
}

/** Where it goes after a session that could not be opened or ended by a failure. */
export function stateAfterEnd(error: unknown, { isLinked, isSealed }: Pick<ProfileFacts, 'isLinked' | 'isSealed'>): ProfileState {
  if (!isLinked) return { is: 'unlinked' };
  const why = error instanceof Failure ? error : new Failure('E_FAILED', 'the agent failed', { cause: error });
  if (why.code === 'E_LOCKED' && isSealed) return { is: 'locked' };
  return { is: 'stopped', why, retryMs: final.has(why.code) ? undefined : retryAfterMs };
}

/** What is told to whoever needs a session; undefined: there is one, or will be. */
export function whyNoSession(state: ProfileState): Failure | undefined {
  switch (state.is) {
    case 'unlinked':
      return new Failure('E_NO_PROFILE', 'no folder is linked yet');
    case 'locked':
      return new Failure('E_LOCKED', 'the passphrase that opens the keys of this device is needed', { action: 'type it in the app' });
    case 'stopped':
      return state.why;
    case 'opening':
      return undefined;
    default:
      return unreachable(state);
  }
}
