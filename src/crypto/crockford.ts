/** Crockford's base 32, for what people read off paper and screens and type: no I, L, O, U. */
export const crockfordAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What was typed, as the alphabet has it: any case, O for 0, I or L for 1, with or without spaces and dashes. */
export function readTyped(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}_.]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}
