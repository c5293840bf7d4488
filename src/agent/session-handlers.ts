import type { ControlHandlers } from '../control/control-server.ts';
import { approveDevice } from './devices/approve-device.ts';
import { bringPast } from './past/bring-past.ts';
import { removeDevice, renameOwn, replaceSlot } from './keys/change-keys.ts';
import type { Kept } from './keep-session.ts';
import { repairVault } from './verify/repair-vault.ts';
import { resolveConflicts } from './show/resolve-conflicts.ts';
import { restorePath } from './past/restore-path.ts';
import { rewindPath } from './past/rewind-path.ts';
import { readVaultCode } from './devices/vault-code.ts';
import { verifyVault } from './verify/verify-vault.ts';

/** What is asked of a session at work. */
export type SessionHandlers = Omit<ControlHandlers, 'stop' | 'ask'>;

/** What other processes of the profile have done here. What changes something waits for a moment between two passes, or
 * between two batches of one where that is enough. */
export function sessionHandlers({ session, loop }: Kept): SessionHandlers {
  return {
    status: () => ({ state: loop.state }),
    sync: () => loop.request(),
    pause: () => loop.setPause({ untilMs: undefined }),
    resume: () => loop.setPause(undefined),
    select: () => loop.look(),
    'bring-past': () => loop.perform((signal) => bringPast(session, signal), 'soon'),
    restore: ({ path, version, atMs, to }) =>
      loop.perform((signal, moment) => restorePath(session, { path, version, atMs, to }, { signal, moment }), 'soon'),
    rewind: ({ path, toMs, before }) => loop.perform((signal) => rewindPath(session, { path, toMs, before }, signal), 'late'),
    resolve: ({ conflicts, keep }) =>
      loop.perform((signal, moment) => resolveConflicts(session, { choice: conflicts, keep }, { signal, moment }), 'soon'),
    verify: ({ data, repair }) =>
      loop.perform((signal) => (repair === true ? repairVault : verifyVault)(session, { readsData: data }, signal), 'late'),
    revoke: ({ device, slots }) => loop.perform((signal) => removeDevice(session, { device, slots }, signal), 'soon'),
    slot: ({ kind, slot }) => loop.perform((signal) => replaceSlot(session, { kind, slot }, signal), 'soon'),
    approve: ({ code }) => loop.perform((signal) => approveDevice(session, code, signal), 'soon'),
    rename: ({ name }) => loop.perform((signal) => renameOwn(session, name, signal), 'soon'),
    'vault-code': () => loop.perform(() => Promise.resolve(readVaultCode(session)), 'soon'),
  };
}

const sessionActs: Record<keyof SessionHandlers, true> = {
  status: true,
  sync: true,
  pause: true,
  resume: true,
  select: true,
  'bring-past': true,
  restore: true,
  rewind: true,
  resolve: true,
  verify: true,
  revoke: true,
  slot: true,
  approve: true,
  rename: true,
  'vault-code': true,
};

/** The same for sessions that come and go: each request is answered by the one that there is then. */
export function relayedHandlers(current: () => Promise<SessionHandlers>): SessionHandlers {
  const relay = (act: keyof SessionHandlers) => async (request: never) => (await current())[act](request);
  return Object.fromEntries(
    (Object.keys(sessionActs) as (keyof SessionHandlers)[]).map((act) => [act, relay(act)]),
  ) as unknown as SessionHandlers;
}
