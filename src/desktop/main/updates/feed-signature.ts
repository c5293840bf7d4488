/**
 * What vouches for the metadata of a feed of updates: a small text beside it, signed offline with an Ed25519 key of the
 * maintainers. It names the file, which is one for each system, so that no system is given another's; its hash; when it was
 * signed, which may never be earlier than what was seen; and until when it holds, so that an old feed can't be shown for ever.
 *
 *     cachette update feed 1
 *     file: latest-linux.yml
 *     sha512: (base64)
 *     signed: 2026-11-22T15:00:00.000Z
 *     expires: 2027-05-21T15:00:00.000Z
 *     signature: (base64, of all lines above as they stand; one line for each key)
 */
import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** What is signed. */
export interface FeedStatement {
  /** Name of the metadata's file. */
  readonly file: string;
  /** Of the metadata, base64. */
  readonly sha512: string;
  readonly signedMs: number;
  readonly expiresMs: number;
}

export interface FeedSignature extends FeedStatement {
  /** The bytes that were signed. */
  readonly signed: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

/** Of a signature's file, in bytes. */
export const signatureMaxBytes = 4096;

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const statementForm = new RegExp(
  String.raw`^cachette update feed 1\nfile: ([\w.-]{1,64})\nsha512: ([A-Za-z0-9+/]{86}==)\nsigned: (${time})\nexpires: (${time})\n$`,
);
const signatureForm = /^(?:signature: [A-Za-z0-9+/]{86}==\n){1,4}$/;
const firstSignature = '\nsignature: ';
/** What stands before the 32 bytes of an Ed25519 key in the form that keys have elsewhere (RFC 8410). */
const keyPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** undefined for anything that is not exactly of the form above. */
export function parseFeedSignature(bytes: Uint8Array): FeedSignature | undefined {
  if (bytes.byteLength > signatureMaxBytes) return undefined;
  const text = Buffer.from(bytes).toString('latin1');
  const at = text.indexOf(firstSignature) + 1;
  const [statement, signatures] = [text.slice(0, at), text.slice(at)];
  const [, file = '', sha512 = '', signed = '', expires = ''] = statementForm.exec(statement) ?? [];
  const [signedMs, expiresMs] = [Date.parse(signed), Date.parse(expires)];
  if (!signatureForm.test(signatures) || Number.isNaN(signedMs) || Number.isNaN(expiresMs)) return undefined;
  const made = signatures.match(/[A-Za-z0-9+/]{86}==/g) ?? [];
  return {
    file,
    sha512,
    signedMs,
    expiresMs,
    signed: Buffer.from(statement, 'latin1'),
    signatures: made.map((line) => Buffer.from(line, 'base64')),
  };
}

/** Whether one of the keys (32 bytes each) made one of the signatures. */
export function isSignedBy({ signed, signatures }: FeedSignature, keys: readonly Uint8Array[]): boolean {
  return keys.some((key) => signatures.some((signature) => verify(null, signed, toKeyObject(key), signature)));
}

/** The text of a signature's file; keys are private ones. */
export function makeFeedSignature(statement: FeedStatement, keys: readonly KeyObject[]): string {
  const { file, sha512, signedMs, expiresMs } = statement;
  const [signed, expires] = [new Date(signedMs).toISOString(), new Date(expiresMs).toISOString()];
  const text = `cachette update feed 1\nfile: ${file}\nsha512: ${sha512}\nsigned: ${signed}\nexpires: ${expires}\n`;
  const lines = keys.map((key) => `signature: ${sign(null, Buffer.from(text, 'latin1'), key).toString('base64')}\n`);
  return `${text}${lines.join('')}`;
}

/** base64, as it stands in metadata and in signatures. */
export function sha512Of(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('base64');
}

function toKeyObject(key: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([keyPrefix, key]), format: 'der', type: 'spki' });
}
