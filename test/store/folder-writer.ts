import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openFolderStore } from '../../src/store/folder-store.ts';

/** A process of its own that writes objects until it is killed: every byte of an object is its number. */
const [, , dir = '', first = '0'] = process.argv;
const store = openFolderStore(dir, { clock: systemClock, random: systemRandom });
for (let number = Number(first); ; number += 1) {
  const bytes = new Uint8Array(300_000).fill(number & 255);
  const outcome = await store.putNew(`packs/${String(number % 4)}/${String(number).padStart(8, '0')}`, [
    bytes.subarray(0, 1000),
    bytes.subarray(1000),
  ]);
  process.stdout.write(`${number} ${outcome}\n`);
}
