import { expect, test } from 'vitest';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { linuxPersonality } from '../world/fake-disk/personality.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { VirtualClock } from '../world/virtual-clock.ts';

/** What is found out on a disk that fails so many times with that code where a link is made. */
async function probe(code: string, times: number): Promise<boolean> {
  const fake = new FakeDisk({ clock: new VirtualClock(), random: new SeededRandom(5), personality: linuxPersonality });
  const disk = await fake.open();
  let left = times;
  fake.onCall = ({ verb }) => {
    if (verb !== 'makeLink' || left === 0) return undefined;
    left -= 1;
    return code;
  };
  return (await disk.probeTraits()).keepsLinks;
}

test('a disk that fails for a moment is not taken for one that can hold no links', async () => {
  expect(await probe('EIO', 1)).toBe(true);
  expect(await probe('EPERM', 2)).toBe(true);
});

test('one that refuses links each time is', async () => {
  expect(await probe('EPERM', Infinity)).toBe(false);
});
