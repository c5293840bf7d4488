import { createCipheriv } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Bytes that don't compress, the same each time for the same seed; as many as are asked for, block by block. */
function* randomBlocks(sizeBytes: number, seed: number): Generator<Buffer> {
  const block = Buffer.alloc(1 << 20);
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(seed);
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16), iv);
  for (let left = sizeBytes; left > 0; left -= block.length) yield stream.update(block.subarray(0, Math.min(left, block.length)));
}

/** `count` files of 2 to 18 KB, a hundred to a folder. */
export function writeSmallFiles(folder: string, count: number, seed: number): void {
  const [content = Buffer.alloc(0)] = randomBlocks(1 << 20, seed);
  for (let number = 0; number < count; number += 1) {
    const below = path.join(folder, `folder ${Math.floor(number / 100)}`);
    if (number % 100 === 0) fs.mkdirSync(below, { recursive: true });
    // No two begin alike, so that none is the same as another.
    const size = 2_000 + ((number * 7_919) % 16_001);
    const from = (number * 977) % (content.length - size);
    fs.writeFileSync(
      path.join(below, `file ${number}`),
      [`${seed} ${number}\n`, content.toString('latin1', from, from + size)].join(''),
      'latin1',
    );
  }
}

export function writeLargeFile(file: string, sizeBytes: number, seed: number): void {
  const handle = fs.openSync(file, 'w');
  for (const block of randomBlocks(sizeBytes, seed)) fs.writeSync(handle, block);
  fs.closeSync(handle);
}

/** As an editor saves: a new file in the place of the old one. */
export function insertByteAtFront(file: string): void {
  const [from, to] = [fs.openSync(file, 'r'), fs.openSync(`${file}.new`, 'w')];
  fs.writeSync(to, 'x');
  const block = Buffer.alloc(1 << 20);
  for (let count = fs.readSync(from, block); count > 0; count = fs.readSync(from, block)) fs.writeSync(to, block, 0, count);
  for (const handle of [from, to]) fs.closeSync(handle);
  fs.renameSync(`${file}.new`, file);
}
