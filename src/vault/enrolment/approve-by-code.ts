/** The side of a device of the vault in an enrolment with a short code (FORMAT.md, section 11). */
import { Failure } from '../../base/failure.ts';
import type { DeviceId } from '../../model/ids.ts';
import type { DeviceKeys } from '../keyring/device-keys.ts';
import { changeKeyList } from '../keyring/change-key-list.ts';
import { requireDeviceName } from '../keyring/device-names.ts';
import { freeName } from '../keyring/free-name.ts';
import { requireSoundKeys } from '../keyring/holder-keys.ts';
import { findDevice } from '../keyring/key-list.ts';
import type { KeyStore } from '../keyring/key-tools.ts';
import type { Keyring } from '../keyring/keyring.ts';
import type { Pin } from '../pin/pin.ts';
import type { EnrolmentCode } from './enrolment-code.ts';
import {
  encodeAnswer,
  encodeHandover,
  encodeReveal,
  parseHello,
  parseProof,
  parseWish,
  requireReady,
  type Hello,
} from './enrolment-messages.ts';
import { commitTo, firstTranscript, requireShown, sessionKeys, wholeTranscript } from './enrolment-proof.ts';
import { findWaiting } from './find-waiting.ts';
import { steps } from './enrolment-steps.ts';
import { Mailbox, type SealedMail } from './mailbox.ts';

/** What a person said, and what this device hands over. */
export interface Approval {
  readonly own: DeviceKeys;
  readonly code: EnrolmentCode;
  /** What this device has seen: the new one believes no store that shows less. */
  readonly pin: Pin;
}

/** A device that was let in. */
export interface ApprovedDevice {
  readonly id: DeviceId;
  readonly name: string;
}

/**
 * Lets the device in that shows this code. Nothing is sealed to any key before both sides have proven that they have the
 * same code and the same keys. Throws E_NOT_FOUND (none waits), E_CODE (not the same code: it is worth nothing any more),
 * E_TAMPER (weak or foreign keys), E_NOT_APPROVED (the other side gave up), and what `changeKeyList` throws.
 */
export async function approveByCode(deps: KeyStore, keyring: Keyring, approval: Approval): Promise<ApprovedDevice> {
  const mailbox = new Mailbox(deps, await findWaiting(deps, approval.code.place), 'approver');
  try {
    const { hello, mail } = await meet(deps, mailbox, { keyring, approval });
    const wish = await mailbox.takeSealed(steps.wish, parseWish, mail);
    requireDeviceName(wish);
    await mailbox.postSealed(steps.handover, encodeHandover(approval.pin), mail);
    await mailbox.takeSealed(steps.ready, requireReady, mail);
    const name = await enterDevice(deps, keyring, { approval, hello, wish });
    await mailbox.clear();
    return { id: hello.id, name };
  } catch (error) {
    // The new device clears up when it hears of it; nobody else knows whether it has.
    await mailbox.giveUp();
    throw error;
  }
}

interface Meeting {
  readonly hello: Hello;
  readonly mail: SealedMail;
}

/** Up to the key that both sides have, and nobody else. */
async function meet(
  deps: KeyStore,
  mailbox: Mailbox,
  { keyring, approval }: { readonly keyring: Keyring; readonly approval: Approval },
): Promise<Meeting> {
  const { primitives, random } = deps;
  const { vaultId } = keyring;
  const { bytes, hello } = await mailbox.take(steps.hello, (received) => ({ bytes: received, hello: parseHello(received) }));
  requireSoundKeys(primitives, { kind: 'device', id: hello.id }, hello.keys);
  requireNew(keyring, hello);
  const ephemeral = primitives.boxPair(random.bytes(32));
  const said = { ephemeral: ephemeral.publicKey, vaultId, keyList: keyring.current().hash };
  const first = firstTranscript(primitives, mailbox.session, bytes, said);
  const shown = [...approval.code.secret.reveal()].map((symbol, at) => ({
    role: 'approver' as const,
    at,
    symbol,
    nonce: random.bytes(32),
  }));
  const commitments = shown.map((each) => commitTo(primitives, first, each));
  const whole = wholeTranscript(primitives, first, commitments);
  const mail = { keys: sessionKeys(primitives, whole, ephemeral.secretKey, hello.ephemeral), vaultId };
  await mailbox.post(steps.answer, encodeAnswer({ ...said, commitments }));
  for (const { at, symbol, nonce } of shown) {
    const theirs = await mailbox.take(steps.proof(at), parseProof);
    requireShown(primitives, whole, { role: 'new', at, symbol, nonce: theirs.nonce }, theirs.proof);
    await mailbox.post(steps.reveal(at), encodeReveal(nonce));
  }
  return { hello, mail };
}

function requireNew(keyring: Keyring, { id }: Hello): void {
  if (findDevice(keyring.state().list.body, id) === undefined) return;
  throw new Failure('E_TAMPER', 'the device that waits has the id of one that is in the list of devices');
}

async function enterDevice(
  deps: KeyStore,
  keyring: Keyring,
  { approval, hello, wish }: { readonly approval: Approval; readonly hello: Hello; readonly wish: string },
): Promise<string> {
  const addedMs = deps.clock.nowMs();
  await changeKeyList(deps, keyring, approval.own, ({ list, names }) => {
    if (findDevice(list.body, hello.id) !== undefined) return undefined;
    return { addDevices: [{ id: hello.id, keys: hello.keys, name: freeName(wish, names), addedMs }] };
  });
  return keyring.devices.find(({ id }) => id === hello.id)?.name ?? wish;
}
