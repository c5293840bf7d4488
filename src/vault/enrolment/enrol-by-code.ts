/** The new device's side of an enrolment with a short code (FORMAT.md, section 11). */
import { Failure } from '../../base/failure.ts';
import type { SeenVector } from '../../model/change.ts';
import type { VaultId } from '../../model/ids.ts';
import type { DeviceKeys } from '../keyring/device-keys.ts';
import { requireDeviceName } from '../keyring/device-names.ts';
import { findDevice } from '../keyring/key-list.ts';
import type { KeyStore } from '../keyring/key-tools.ts';
import { Keyring, type PinKeyring } from '../keyring/keyring.ts';
import { readGenesis } from '../keyring/read-genesis.ts';
import { readKeyChain } from '../keyring/read-key-chain.ts';
import type { ChainStart } from '../keyring/verify-step.ts';
import type { Pin } from '../pin/pin.ts';
import { makeEnrolmentCode, type EnrolmentCode } from './enrolment-code.ts';
import {
  encodeHello,
  encodeProof,
  encodeReady,
  encodeWish,
  parseAnswer,
  parseHandover,
  parseReveal,
  pinMessageMaxBytes,
  type Answer,
} from './enrolment-messages.ts';
import { enrolmentLifeMs, makeSession } from './enrolment-names.ts';
import { commitTo, firstTranscript, requireShown, sessionKeys, wholeTranscript } from './enrolment-proof.ts';
import { steps } from './enrolment-steps.ts';
import { Mailbox, type SealedMail } from './mailbox.ts';

/** A device that asks to be let in. */
export interface Applicant {
  readonly own: DeviceKeys;
  readonly deviceName: string;
  readonly pin: PinKeyring;
  /** What the approving device has seen of the journal: the store has to show at least that. */
  readonly pinSeen: (vector: SeenVector) => Promise<void>;
  /** Called once the vault's identity is proven by the code: the place to seal and keep the device's keys. */
  readonly keep: (vaultId: VaultId) => Promise<void>;
  /** The code, for a person to type on a device of the vault. Called once the store has what that device will look for. */
  readonly show: (code: EnrolmentCode) => void;
}

/** How long the approving device may take to write the list of devices, beside what races cost it. */
const listedMs = 2 * 60_000;
const listedPauseMs = 500;

/**
 * Waits until a device of the vault lets this one in, ten minutes at most. Throws E_NOT_APPROVED, E_CODE (whoever answered
 * does not know the code), E_TAMPER, E_ROLLBACK (the store shows less than the approving device has seen), and what reading
 * the list of devices throws. Leaves nothing in the store then, as far as it may delete.
 */
export async function enrolByCode(deps: KeyStore, applicant: Applicant): Promise<Keyring> {
  requireDeviceName(applicant.deviceName);
  const { primitives, random, clock } = deps;
  const code = makeEnrolmentCode(primitives, random);
  const mailbox = new Mailbox(deps, makeSession(random, code.place, clock.nowMs()), 'new');
  let isAnswered = false;
  try {
    const ephemeral = primitives.boxPair(random.bytes(32));
    const hello = encodeHello({ id: applicant.own.id, keys: applicant.own.publicKeys, ephemeral: ephemeral.publicKey });
    await mailbox.post(steps.hello, hello);
    applicant.show(code);
    const answer = await mailbox.take(steps.answer, parseAnswer, { patienceMs: enrolmentLifeMs });
    isAnswered = true;
    const first = firstTranscript(primitives, mailbox.session, hello, answer);
    const whole = wholeTranscript(primitives, first, answer.commitments);
    await prove(deps, mailbox, { code, answer, first, whole });
    const mail = { keys: sessionKeys(primitives, whole, ephemeral.secretKey, answer.ephemeral), vaultId: answer.vaultId };
    return await enter(deps, mailbox, { mail, applicant });
  } catch (error) {
    if (isAnswered) await mailbox.giveUp();
    throw error;
  } finally {
    await mailbox.clear();
  }
}

interface Proving {
  readonly code: EnrolmentCode;
  readonly answer: Answer;
  readonly first: Uint8Array;
  readonly whole: Uint8Array;
}

/** Symbol by symbol: shows the next one only to somebody who had committed to the last one. */
async function prove({ primitives, random }: KeyStore, mailbox: Mailbox, { code, answer, first, whole }: Proving): Promise<void> {
  for (const [at, symbol] of code.secret.reveal().entries()) {
    const nonce = random.bytes(32);
    await mailbox.post(steps.proof(at), encodeProof({ nonce, proof: commitTo(primitives, whole, { role: 'new', at, symbol, nonce }) }));
    const theirs = await mailbox.take(steps.reveal(at), parseReveal);
    requireShown(primitives, first, { role: 'approver', at, symbol, nonce: theirs }, answer.commitments[at] ?? new Uint8Array());
  }
}

/** From here on, whoever answers holds the vault's keys and was shown the code by a person. */
async function enter(
  deps: KeyStore,
  mailbox: Mailbox,
  { mail, applicant }: { readonly mail: SealedMail; readonly applicant: Applicant },
): Promise<Keyring> {
  await mailbox.postSealed(steps.wish, encodeWish(applicant.deviceName), mail);
  const pin = await mailbox.takeSealed(steps.handover, parseHandover, mail, pinMessageMaxBytes);
  if (pin.vaultId !== mail.vaultId) throw new Failure('E_TAMPER', 'the approving device tells of another vault than it began with');
  const start = await readGenesis(deps, pin.vaultId);
  // Before anything is kept: a store that shows less than that device has seen.
  await readKeyChain(deps, start, { pin });
  await applicant.keep(pin.vaultId);
  await applicant.pin({ keyListHash: pin.keyListHash, keyListGeneration: pin.keyListGeneration, epoch: pin.epoch });
  await applicant.pinSeen(pin.vector);
  await mailbox.postSealed(steps.ready, encodeReady(), mail);
  return listed(deps, mailbox, { start, pin, applicant });
}

interface Waiting {
  readonly start: ChainStart;
  readonly pin: Pin;
  readonly applicant: Applicant;
}

/** Until this device stands in the list of devices. */
async function listed(deps: KeyStore, mailbox: Mailbox, { start, pin, applicant }: Waiting): Promise<Keyring> {
  const { clock, signal } = deps;
  const { own } = applicant;
  const startMs = clock.monotonicMs();
  let read = await readKeyChain(deps, start, { pin });
  while (findDevice(read.chain.chosen.at(-1)?.body ?? { devices: [] }, own.id) === undefined) {
    if (clock.monotonicMs() - startMs > listedMs) {
      throw new Failure('E_NOT_APPROVED', 'the approving device did not enter this one into the list of devices');
    }
    await mailbox.requireGoingOn();
    await clock.sleep(listedPauseMs, signal);
    read = await readKeyChain(deps, start, { pin, known: read.known });
  }
  return Keyring.open({ deps, start, own, pin: applicant.pin }, read);
}
