/** The order in which people look for names: letters before their case and accents, 2 before 10. */

/**
 * So many names of one folder are put in that order: a quarter of a second, in which nothing else is answered, and some MB. Where there
 * are more, they stay as the index has them, page by page: an order of its own there would cost each write.
 */
export const orderedMax = 20_000;

/** Not of a language: two people before the same list find the same order. */
const collator = new Intl.Collator('en', { numeric: true });

/** Never 0 for two that differ. */
export function compareNames(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : one > other ? 1 : 0);
}

/** Where the next of these stands that begins so, whatever its case and accents: from `from` on, then from the first. */
export function findBeginning(
  names: readonly string[],
  { begins, from }: { readonly begins: string; readonly from: number },
): number | undefined {
  const wanted = plainly(begins);
  const isFound = (name: string): boolean => plainly(name).startsWith(wanted);
  const after = names.findIndex((name, at) => at >= from && isFound(name));
  const found = after === -1 ? names.findIndex(isFound) : after;
  return found === -1 ? undefined : found;
}

function plainly(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
