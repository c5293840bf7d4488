import type { Random } from '../base/random.ts';

/** More than 77 bits with the fewest words that are used. */
const wordCount = 6;
const wordsMin = 7776;

/** Six words by chance, each from almost 8,000 common English ones: for people who want a passphrase made for them. */
export async function suggestPassphrase(random: Random): Promise<string> {
  const words = await loadWords();
  return Array.from({ length: wordCount }, () => words[below(random, words.length)] ?? '').join(' ');
}

async function loadWords(): Promise<readonly string[]> {
  const { dictionary } = await import('@zxcvbn-ts/language-en');
  // Those that are spoken and written: leaves out most of slang and of typing errors.
  const written = new Set(dictionary['wikipedia-en']);
  const words = dictionary['commonWords-en'].filter((word) => /^[a-z]{4,8}$/.test(word) && written.has(word));
  if (words.length < wordsMin) throw new RangeError('too few words to choose from');
  return words;
}

/** Uniform below `bound`: what would favour small numbers is drawn again. */
function below(random: Random, bound: number): number {
  const range = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
    const drawn = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
    if (drawn < range) return drawn % bound;
  }
}
