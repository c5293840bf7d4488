import { toHex } from '../../../src/base/bytes.ts';
import type { Random } from '../../../src/base/random.ts';
import { padClass } from '../../../src/crypto/padding.ts';
import type { Primitives } from '../../../src/crypto/primitives.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { utf8 } from '../../../src/base/bytes.ts';
import { parseId } from '../../../src/model/ids.ts';
import { makeEnrolmentCode } from '../../../src/vault/enrolment/enrolment-code.ts';
import {
  encodeAnswer,
  encodeHandover,
  encodeHello,
  encodeProof,
  encodeReady,
  encodeReveal,
  encodeWish,
} from '../../../src/vault/enrolment/enrolment-messages.ts';
import { makeSession, messageName } from '../../../src/vault/enrolment/enrolment-names.ts';
import { commitTo, firstTranscript, sessionKeys, wholeTranscript } from '../../../src/vault/enrolment/enrolment-proof.ts';
import { steps } from '../../../src/vault/enrolment/enrolment-steps.ts';
import { headCode } from '../../../src/vault/head-code.ts';
import { makeDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import type { Pin } from '../../../src/vault/pin/pin.ts';

/** A whole enrolment, as the vectors hold it: objects by name, and what neither side says. */
export interface EnrolmentVectors {
  readonly code: string;
  readonly vaultId: string;
  readonly keyList: string;
  readonly ephemeralSecrets: { readonly new: string; readonly approver: string };
  readonly transcripts: { readonly first: string; readonly whole: string };
  readonly objects: readonly { readonly name: string; readonly bytes: string }[];
  readonly pinVector: readonly (readonly [device: string, counter: number, hash: string])[];
  readonly head: { readonly epochSecret: string; readonly code: string };
}

/** Each draw comes from `random`, in this order. */
export function makeEnrolmentVectors(primitives: Primitives, random: Random): EnrolmentVectors {
  const seals = new Seals(primitives, random);
  const phone = makeDeviceKeys(primitives, random);
  const vaultId = parseId('VaultId', toHex(random.bytes(32)));
  const keyList = parseId('KeyListHash', toHex(random.bytes(32)));
  const code = makeEnrolmentCode(primitives, random);
  const session = makeSession(random, code.place, 1_700_000_000_000);
  const [mine, theirs] = [primitives.boxPair(random.bytes(32)), primitives.boxPair(random.bytes(32))];
  const hello = encodeHello({ id: phone.id, keys: phone.publicKeys, ephemeral: mine.publicKey });
  const said = { ephemeral: theirs.publicKey, vaultId, keyList };
  const first = firstTranscript(primitives, session, hello, said);
  const symbols = [...code.secret.reveal()];
  const shown = symbols.map((symbol, at) => ({ role: 'approver' as const, at, symbol, nonce: random.bytes(32) }));
  const commitments = shown.map((each) => commitTo(primitives, first, each));
  const whole = wholeTranscript(primitives, first, commitments);
  const keys = sessionKeys(primitives, whole, mine.secretKey, theirs.publicKey);
  const pin: Pin = {
    vaultId,
    format: 1,
    vector: new Map([[phone.id, { counter: 12, hash: parseId('EntryHash', 'a7'.repeat(32)) }]]),
    keyListHash: keyList,
    keyListGeneration: 3,
    epoch: 2,
    checkpoint: undefined,
  };
  const objects = [
    { step: steps.hello, bytes: hello },
    { step: steps.answer, bytes: encodeAnswer({ ...said, commitments }) },
    ...shown.flatMap(({ at, symbol, nonce: theirNonce }) => {
      const nonce = random.bytes(32);
      const proof = commitTo(primitives, whole, { role: 'new', at, symbol, nonce });
      return [
        { step: steps.proof(at), bytes: encodeProof({ nonce, proof }) },
        { step: steps.reveal(at), bytes: encodeReveal(theirNonce) },
      ];
    }),
    ...(
      [
        [steps.wish, encodeWish('Telefon – küche')],
        [steps.handover, encodeHandover(pin)],
        [steps.ready, encodeReady()],
      ] as const
    ).map(([step, plain]) => {
      const purpose = { type: 'enrolment', vaultId, epoch: 0, context: utf8(messageName(session, step)) } as const;
      return { step, bytes: seals.seal(keys, purpose, plain, { paddedBytes: padClass(plain.length) }) };
    }),
  ];
  const epochSecret = random.bytes(32);
  return {
    code: code.text.reveal(),
    vaultId,
    keyList,
    ephemeralSecrets: { new: toHex(mine.secretKey), approver: toHex(theirs.secretKey) },
    transcripts: { first: toHex(first), whole: toHex(whole) },
    objects: objects.map(({ step, bytes }) => ({ name: messageName(session, step), bytes: toHex(bytes) })),
    pinVector: [...pin.vector].map(([device, { counter, hash }]) => [device, counter, hash]),
    head: {
      epochSecret: toHex(epochSecret),
      code: headCode(primitives, { epoch: 2, secret: epochSecret }, { vaultId, keyList, vector: pin.vector }),
    },
  };
}
