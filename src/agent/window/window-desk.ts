import type { AgentNewsKind } from '../../control/acts/agent-news.ts';
import type { ToldFailure } from '../../control/acts/shared-shapes.ts';
import type { AgentHost } from '../agent-host.ts';
import type { Kept } from '../keep-session.ts';
import type { LinkedDevice } from '../devices/link-device.ts';
import type { ProfileState } from '../profile/profile-state.ts';
import type { SyncState } from '../show/read-status.ts';

/** Where a session stands, as far as it said. */
export interface SaidState {
  readonly state: SyncState;
  /** For all but good news. */
  readonly why: ToldFailure | undefined;
}

/** What the answers to windows work with: the agent of one profile. */
export interface WindowDesk {
  /** In the agent's own name: what it does counts as done by the profile's owner. */
  readonly host: AgentHost;
  readonly state: ProfileState;
  /** The session at work, where there is one now. */
  readonly kept: Kept | undefined;
  /** undefined before it said anything. */
  readonly said: SaidState | undefined;
  /** Bytes that had gone through the session's store when it last came to rest. */
  readonly restedBytes: number;
  /** The session, once it is open. Throws why there is none. */
  whenKept(): Promise<Kept>;
  /** Does something while no session is open; a session that was is opened anew. */
  whileClosed<Result>(act: () => Promise<Result>): Promise<Result>;
  /** Links this device, as `act` does it with the host that it is given. Throws E_PROFILE_EXISTS, E_BUSY, and what `act` throws. */
  link<Linked extends LinkedDevice>(passphrase: string | undefined, act: (host: AgentHost) => Promise<Linked>): Promise<Linked>;
  /** Has a linking under way fail. */
  stopLinking(): void;
  /** Tries a passphrase. Throws E_LOCKED for a wrong one. */
  unlock(passphrase: string): Promise<void>;
  /** What opens the device's keys from now on, where a session has to be opened anew; undefined: nothing that is typed. */
  knowPassphrase(passphrase: string | undefined): void;
  /** Tries again at once where a failure stopped it, or where it rests as the store is away. */
  retry(): void;
  /** Has windows look at these again. */
  tell(...kinds: readonly AgentNewsKind[]): void;
  /** For the one who waits to be let in. */
  tellCode(code: string): void;
}
