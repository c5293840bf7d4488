/** Lists of devices that nobody honest writes: from FORMAT.md, section 4, alone; nothing of src is used. */
import nacl from 'tweetnacl';
import { certificate, type Stranger } from './enrolment-kit.ts';
import { bytesOf, decode, encode, fields, numberOf, type Wire } from './insider-cbor.ts';
import { hash256, label } from './insider-seals.ts';
import type { StoreFolder } from './store-folder.ts';

export interface ListAuthor {
  readonly id: Uint8Array;
  readonly signing: nacl.SignKeyPair;
}

/** Puts a list behind the newest one that adds the ghost, signed by whom the author says. Its name. */
export function putGhostList(store: StoreFolder, ghost: Stranger, author: ListAuthor): string {
  const newest = store.read(store.below('keys/').at(-1) ?? '');
  const [body] = fields(decode(newest));
  const before = fields(decode(bytesOf(body)));
  const generation = numberOf(before[2]) + 1;
  const holder: Wire = [0, author.id];
  const { id, signing, agreement } = ghost;
  const record: Wire = [id, signing.publicKey, agreement.publicKey, certificate(id, signing, agreement.publicKey), 0, holder, generation];
  const share: Wire = [[0, id], nacl.box.keyPair().publicKey, Buffer.alloc(118)];
  const next = before.map((field, at): Wire => {
    if (at === 2) return generation;
    if (at === 3) return hash256(label('key-list-hash'), newest);
    if (at === 4) return holder;
    if (at === 7) return [...fields(field), record];
    if (at === 9) return [...fields(field), share];
    return field;
  });
  const bytes = encode(next);
  const signature = nacl.sign.detached(new Uint8Array(Buffer.concat([label('sign-key-list'), bytes])), author.signing.secretKey);
  const object = encode([bytes, signature]);
  const name = `keys/${String(generation).padStart(6, '0')}-${hash256(label('key-list-hash'), object).toString('hex').slice(0, 16)}`;
  store.write(name, object);
  return name;
}
