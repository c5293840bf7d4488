import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/base/failure.ts';
import { parseId } from '../../../src/model/ids.ts';
import {
  encodeAnswer,
  encodeHello,
  encodeProof,
  encodeReveal,
  encodeWish,
  messageMaxBytes,
  parseAnswer,
  parseHello,
  parseProof,
  parseReveal,
  parseWish,
} from '../../../src/vault/enrolment/enrolment-messages.ts';
import { findSession, makeSession, messageName, stopName } from '../../../src/vault/enrolment/enrolment-names.ts';
import { seededRandom } from '../../crypto/fixed-random.ts';

const random = seededRandom('messages');
const bytes = (count: number): Uint8Array => random.bytes(count);
const keys = { signing: bytes(32), agreement: bytes(32), certificate: bytes(64) };
const vaultId = parseId('VaultId', 'ab'.repeat(32));
const keyList = parseId('KeyListHash', 'cd'.repeat(32));

/** Each message, and what reads it and writes it again. */
const messages: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => Uint8Array])[] = [
  ['hello', encodeHello({ id: parseId('DeviceId', '12'.repeat(16)), keys, ephemeral: bytes(32) }), (read) => encodeHello(parseHello(read))],
  [
    'answer',
    encodeAnswer({ ephemeral: bytes(32), vaultId, keyList, commitments: Array.from({ length: 8 }, () => bytes(32)) }),
    (read) => encodeAnswer(parseAnswer(read)),
  ],
  ['proof', encodeProof({ nonce: bytes(32), proof: bytes(32) }), (read) => encodeProof(parseProof(read))],
  ['reveal', encodeReveal(bytes(32)), (read) => encodeReveal(parseReveal(read))],
  ['wish', encodeWish('laptop'), (read) => encodeWish(parseWish(read))],
];

describe.each(messages)('%s', (_, message, again) => {
  test('is read as it was written', () => {
    expect(again(message)).toEqual(message);
  });

  test('whatever else comes is refused by a code, or is the one encoding of what it says', () => {
    const edit = fc.record({ at: fc.nat(message.length - 1), value: fc.nat(255), cut: fc.option(fc.nat(message.length)) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let changed = message.slice();
        for (const { at, value, cut } of edits) {
          changed[at % Math.max(changed.length, 1)] = value;
          if (cut !== null) changed = changed.slice(0, cut);
        }
        expect(outcome(changed, again)).toBe('fine');
      }),
      { numRuns: 300, seed: 7 },
    );
    for (const other of messages) if (other[1] !== message) expect(() => again(other[1])).toThrow(Failure);
    expect(() => again(new Uint8Array(messageMaxBytes + 1))).toThrow(Failure);
  });
});

function outcome(changed: Uint8Array, again: (bytes: Uint8Array) => Uint8Array): string {
  try {
    return Buffer.compare(again(changed), changed) === 0 ? 'fine' : 'another encoding of the same';
  } catch (error) {
    return error instanceof Failure && ['E_FORMAT', 'E_LIMIT'].includes(error.code) ? 'fine' : String(error);
  }
}

test('names of messages are told from all others', () => {
  const session = makeSession(random, 'a0z', 1_700_000_000_000);
  for (const name of [messageName(session, 0), messageName(session, 20), stopName(session, 'new'), stopName(session, 'approver')]) {
    expect(findSession(name)).toEqual({ session, place: 'a0z', madeMs: 1_700_000_000_000 });
  }
  for (const name of [
    '',
    'enrol/',
    session,
    `${session}-`,
    `${session}-000`,
    `${session}/00`,
    `x${messageName(session, 0)}`,
    messageName(session, 0).replace('a0z', 'ilo'),
  ]) {
    expect(findSession(name)).toBeUndefined();
  }
});
