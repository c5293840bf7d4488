/** Enrolments as the attacker writes them: from FORMAT.md, section 11, alone; nothing of src is used. */
import { blake2b } from '@noble/hashes/blake2.js';
import { randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';
import { bytesOf, decode, encode, fields, type Wire } from './insider-cbor.ts';
import { hash256, kdf, label, u32 } from './insider-seals.ts';

const symbolValues = 32;

/** A device that nobody let in. */
export interface Stranger {
  readonly id: Buffer;
  readonly signing: nacl.SignKeyPair;
  readonly agreement: nacl.BoxKeyPair;
  readonly ephemeral: nacl.BoxKeyPair;
}

export function stranger(): Stranger {
  return { id: randomBytes(16), signing: nacl.sign.keyPair(), agreement: nacl.box.keyPair(), ephemeral: nacl.box.keyPair() };
}

/** Its first message; `changes` take the place of fields. */
export function helloOf({ id, signing, agreement, ephemeral }: Stranger, changes: Readonly<Record<number, Wire>> = {}): Buffer {
  const whole: Wire[] = [1, id, signing.publicKey, agreement.publicKey, certificate(id, signing, agreement.publicKey), ephemeral.publicKey];
  return encode(whole.map((field, at) => changes[at] ?? field));
}

export function certificate(id: Uint8Array, signing: nacl.SignKeyPair, agreement: Uint8Array): Uint8Array {
  const certified = Buffer.concat([label('sign-device-keys'), Buffer.of(0), id, signing.publicKey, agreement]);
  return nacl.sign.detached(new Uint8Array(certified), signing.secretKey);
}

/** The honest message with other fields. */
export function withFields(message: Uint8Array, changes: Readonly<Record<number, Wire>>): Buffer {
  return encode(fields(decode(Buffer.from(message))).map((field, at) => changes[at] ?? field));
}

/** What either side believes to have heard. */
export interface Heard {
  readonly session: string;
  readonly hello: Buffer;
  readonly answer: Buffer;
}

/** Both transcripts. */
export function transcripts({ session, hello, answer }: Heard): { readonly first: Buffer; readonly whole: Buffer } {
  const [, ephemeral, vaultId, keyList, commitments] = fields(decode(answer));
  const name = Buffer.from(session, 'ascii');
  const first = hash256(
    label('enrol-transcript'),
    u32(name.length),
    name,
    u32(hello.length),
    hello,
    bytesOf(ephemeral),
    bytesOf(vaultId),
    bytesOf(keyList),
  );
  return { first, whole: kdf(first, 'enrol-transcript', Buffer.concat(fields(commitments).map((each) => bytesOf(each)))) };
}

export function shown(transcript: Uint8Array, role: 0 | 1, at: number, symbol: number, nonce: Uint8Array): Buffer {
  return Buffer.from(blake2b(Buffer.concat([label('enrol-commitment'), transcript, Buffer.of(role, at, symbol), nonce]), { dkLen: 32 }));
}

/** An answer with a key of the attacker's own, committed to these symbols, and what opens the commitments. */
export function answerOf(
  honest: Uint8Array,
  heard: Omit<Heard, 'answer'>,
  { symbols, ephemeral = nacl.box.keyPair().publicKey }: { readonly symbols: readonly number[]; readonly ephemeral?: Uint8Array },
): { readonly answer: Buffer; readonly nonces: readonly Buffer[] } {
  const nonces = symbols.map(() => randomBytes(32));
  const draft = withFields(honest, { 1: ephemeral, 4: [] });
  const { first } = transcripts({ ...heard, answer: draft });
  const commitments = symbols.map((symbol, at) => shown(first, 1, at, symbol, nonces[at] ?? Buffer.alloc(32)));
  return { answer: withFields(draft, { 4: commitments }), nonces };
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Place and secret of a code that somebody overheard. */
export function overhear(code: string): { readonly place: string; readonly symbols: readonly number[] } {
  const plain = code.replaceAll('-', '');
  return { place: plain.slice(0, 3).toLowerCase(), symbols: Array.from(plain.slice(3, 11), (symbol) => alphabet.indexOf(symbol)) };
}

/** A code with its checksum, and the place that it names. */
export function makeCode(): { readonly code: string; readonly place: string } {
  const values = Array.from(randomBytes(11), (byte) => byte % symbolValues);
  const checksum = hash256(label('enrol-checksum'), Buffer.from(values)).readUInt8() % symbolValues;
  const code = [...values, checksum].map((value) => alphabet.charAt(value)).join('');
  return { code, place: code.slice(0, 3).toLowerCase() };
}

/** What a proof gives away once it is said: its one symbol. */
export function symbolShownBy(proof: Uint8Array, whole: Uint8Array, at: number): number | undefined {
  const [, nonce, value] = fields(decode(Buffer.from(proof)));
  const symbols = Array.from({ length: symbolValues }, (_, symbol) => symbol);
  return symbols.find((symbol) => shown(whole, 0, at, symbol, bytesOf(nonce)).equals(bytesOf(value)));
}

export function proofOf(whole: Uint8Array, at: number, symbol: number): Buffer {
  const nonce = randomBytes(32);
  return encode([1, nonce, shown(whole, 0, at, symbol, nonce)]);
}
