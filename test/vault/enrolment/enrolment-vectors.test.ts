import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fromHex, toHex, utf8 } from '../../../src/base/bytes.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { parseEnrolmentCode } from '../../../src/vault/enrolment/enrolment-code.ts';
import {
  parseAnswer,
  parseHandover,
  parseHello,
  parseProof,
  parseReveal,
  parseWish,
  requireReady,
} from '../../../src/vault/enrolment/enrolment-messages.ts';
import { findSession } from '../../../src/vault/enrolment/enrolment-names.ts';
import { firstTranscript, requireShown, sessionKeys, wholeTranscript } from '../../../src/vault/enrolment/enrolment-proof.ts';
import { steps } from '../../../src/vault/enrolment/enrolment-steps.ts';
import { requireSoundKeys } from '../../../src/vault/keyring/holder-keys.ts';
import { portable, sodium } from '../../crypto/providers.ts';
import { tapeRandom } from '../keyring/keyring-vectors.ts';
import { makeEnrolmentVectors } from './enrolment-vectors.ts';

const vectors = z
  .object({
    random: z.array(z.string()),
    code: z.string(),
    vaultId: z.string(),
    keyList: z.string(),
    ephemeralSecrets: z.object({ new: z.string(), approver: z.string() }),
    transcripts: z.object({ first: z.string(), whole: z.string() }),
    objects: z.array(z.object({ name: z.string(), bytes: z.string() })),
    pinVector: z.array(z.tuple([z.string(), z.number(), z.string()])),
    head: z.object({ epochSecret: z.string(), code: z.string() }),
  })
  .parse(JSON.parse(readFileSync(`${import.meta.dirname}/../../vectors/enrolment-v1.json`, 'utf8')));

const hex = (text: string): Uint8Array => fromHex(text)!;
const object = (step: number): Uint8Array => hex(vectors.objects[step]!.bytes);

describe.each([
  ['sodium', sodium],
  ['portable', portable],
] as const)('an enrolment as version 1 of the format fixed it, with %s', (_, primitives) => {
  test('is written to the byte', () => {
    const { random, ...frozen } = vectors;
    const tape = tapeRandom(random);
    expect(makeEnrolmentVectors(primitives, tape)).toEqual(frozen);
    expect(tape.isUsedUp()).toBe(true);
  });

  test('is read from either side', () => {
    const { session, place } = findSession(vectors.objects[0]!.name)!;
    const code = parseEnrolmentCode(primitives, vectors.code);
    expect(code.place).toBe(place);
    const hello = parseHello(object(steps.hello));
    requireSoundKeys(primitives, { kind: 'device', id: hello.id }, hello.keys);
    const answer = parseAnswer(object(steps.answer));
    const first = firstTranscript(primitives, session, object(steps.hello), answer);
    const whole = wholeTranscript(primitives, first, answer.commitments);
    for (const [at, symbol] of code.secret.reveal().entries()) {
      const { nonce, proof } = parseProof(object(steps.proof(at)));
      requireShown(primitives, whole, { role: 'new', at, symbol, nonce }, proof);
      const shown = { role: 'approver', at, symbol, nonce: parseReveal(object(steps.reveal(at))) } as const;
      requireShown(primitives, first, shown, answer.commitments[at]!);
      expect(() => requireShown(primitives, first, { ...shown, symbol: symbol ^ 1 }, answer.commitments[at]!)).toThrow('same code');
    }
    const keys = sessionKeys(primitives, whole, hex(vectors.ephemeralSecrets.approver), hello.ephemeral);
    const seals = new Seals(primitives, tapeRandom([]));
    const open = (step: number): Uint8Array => {
      const { name } = vectors.objects[step]!;
      return seals.open(keys, { type: 'enrolment', vaultId: answer.vaultId, epoch: 0, context: utf8(name) }, object(step));
    };
    expect(parseWish(open(steps.wish))).toBe('Telefon – küche');
    const pin = parseHandover(open(steps.handover));
    expect([pin.vaultId, pin.keyListHash, [...pin.vector].map(([device, { counter, hash }]) => [device, counter, hash])]).toEqual([
      vectors.vaultId,
      vectors.keyList,
      vectors.pinVector,
    ]);
    requireReady(open(steps.ready));
    expect(toHex(whole)).toBe(vectors.transcripts.whole);
  });
});
