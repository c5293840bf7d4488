/** Names that anybody may have given, where the system shows them. */

const nameMax = 48;

/** As a menu can show it: one line, no marks that turn text round, not too long; an & and a _ there mark the letter to press. */
export function menuName(name: string): string {
  return plainName(name).replaceAll('&', '&&');
}

/** As a notification can show it: many desktops on Linux take markup there, with links and pictures. */
export function noticeName(name: string): string {
  return plainName(name).replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');
}

/** One line that reads in one direction, and has an end. */
export function plainName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  const letters = Array.from(plain);
  const half = Math.floor(nameMax / 2);
  return letters.length <= nameMax ? plain : `${letters.slice(0, half).join('')}…${letters.slice(-half).join('')}`;
}
