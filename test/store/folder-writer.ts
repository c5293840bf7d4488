import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openFolderStore } from '../../src/store/folder/folder-store.ts';

export const objectBytes = 300_000;

/** A process of its own that writes objects until it is killed: every byte of an object is its number. */
async function write(dir: string, first: number): Promise<never> {
  const store = openFolderStore(dir, { clock: systemClock, random: systemRandom });
  for (let number = first; ; number += 1) {
    const bytes = new Uint8Array(objectBytes).fill(number & 255);
    const name = `packs/${number % 4}/${String(number).padStart(8, '0')}`;
    const outcome = await store.putNew(name, [bytes.subarray(0, 1000), bytes.subarray(1000)]);
    process.stdout.write(`${number} ${outcome}\n`);
  }
}

if (import.meta.main) await write(process.argv[2] ?? '', Number(process.argv[3]));
