/**
 * What libsodium alone takes: `node only-seal.ts FOLDER` reads every file below the folder, names each piece of up to 1 MiB (BLAKE2b with a
 * key) and seals it (XSalsa20-Poly1305), in one thread, and keeps nothing. No program that does both is faster on one core.
 */
import fs from 'node:fs';
import path from 'node:path';
import { openSodiumPrimitives } from '../../src/crypto/sodium-primitives.ts';

const pieceBytes = 1024 * 1024;
const macBytes = 16;

const [folder = '.'] = process.argv.slice(2);
const primitives = openSodiumPrimitives();
const key = new Uint8Array(32).fill(1);
const nonce = new Uint8Array(24);
const box = new Uint8Array(macBytes + pieceBytes);

for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = fs.openSync(path.join(entry.parentPath, entry.name), 'r');
  for (;;) {
    const length = fs.readSync(file, box, macBytes, pieceBytes, null);
    if (length === 0) break;
    const piece = box.subarray(0, macBytes + length);
    primitives.blake2b(32, [piece.subarray(macBytes)], key);
    primitives.secretboxSealInPlace(piece, nonce, key);
  }
  fs.closeSync(file);
}
