import { Failure } from '../../base/failure.ts';
import { fraction } from '../../base/random.ts';
import { deviceHolder, type DeviceKeys } from './device-keys.ts';
import { keyListName } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import type { Keyring, KeyringState } from './keyring.ts';
import { makeNextKeyList, type KeyListChange } from './next-key-list.ts';
import { publishObject } from './publish-object.ts';
import { verifyStep } from './verify-step.ts';

/** Races that a change may lose before it is given up. */
export const attemptsMax = 8;
const settleMs = 2_000;

/** Waits until the lists of those who had not seen ours show up: a shortcut, not a guarantee. Longer and less regular after each lost race. */
export async function settle({ clock, random, signal }: KeyStore, attempt: number): Promise<void> {
  await clock.sleep(settleMs * (1 + attempt * fraction(random)), signal);
}

/** For whoever lost all of them. */
export function keptLosing(): Failure {
  return new Failure('E_BUSY', 'other devices kept changing the list of devices at the same time', { action: 'try again' });
}

/**
 * Appends this device's lists until `decide`, asked anew upon each newest list, has nothing more to change. So a change
 * whose list loses to another one is made again upon that one. Throws E_BUSY where it keeps losing, and what `refresh`
 * throws.
 */
export async function changeKeyList(
  deps: KeyStore,
  keyring: Keyring,
  own: DeviceKeys,
  decide: (state: KeyringState) => KeyListChange | undefined,
): Promise<void> {
  await keyring.refresh(deps.signal);
  for (let attempt = 0; ; attempt += 1) {
    const state = keyring.state();
    const change = decide(state);
    if (change === undefined) return;
    if (attempt === attemptsMax) throw keptLosing();
    const author = { holder: deviceHolder(own), signingSeed: own.secrets.signingSeed };
    const { list } = makeNextKeyList(deps, state, author, change);
    // A list that readers refuse would stand in everybody's way.
    verifyStep(state.start, state.list, list);
    const name = keyListName(list.body.generation, list.hash);
    await publishObject(deps, name, list.bytes);
    await settle(deps, attempt);
    await keyring.refresh(deps.signal, list.hash);
  }
}
