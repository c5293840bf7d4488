import { randomFillSync } from 'node:crypto';

/** The randomness port: the only way to chance. Simulations hand in seeded streams. */
export interface Random {
  /** `count` fresh bytes, fit for keys and nonces when it is the system's. */
  bytes(count: number): Uint8Array;
}

/** The operating system's generator. */
export const systemRandom: Random = {
  bytes: (count) => randomFillSync(new Uint8Array(count)),
};

/** A number in [0, 1), for jitter and placement; not for secrets. */
export function fraction(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32;
}
