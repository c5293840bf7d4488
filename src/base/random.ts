import { randomFillSync } from 'node:crypto';

/** The randomness port: the only way to chance. Simulations hand in seeded streams. */
export interface Random {
  /** `count` fresh bytes, fit for keys and nonces when it is the system's. */
  bytes(count: number): Uint8Array;
}

/** Asked for at once: for some bytes a call of the system's generator costs a hundred times what they cost. */
const stock = new Uint8Array(4096);
let used = stock.length;

/** The operating system's generator. */
export const systemRandom: Random = {
  bytes: (count) => {
    if (count > stock.length / 8) return randomFillSync(new Uint8Array(count));
    if (used + count > stock.length) {
      randomFillSync(stock);
      used = 0;
    }
    const fresh = stock.slice(used, used + count);
    // What was given out is a secret of whoever asked.
    stock.fill(0, used, used + count);
    used += count;
    return fresh;
  },
};

/** A number in [0, 1), for jitter and placement; not for secrets. */
export function fraction(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32;
}
