import { textSizes, type TextSize } from '../../src/control/acts/text-sizes.ts';

/** What Ctrl with this key makes of it; undefined: nothing. */
export function textSizeAfter(key: string, now: TextSize): TextSize | undefined {
  const at = textSizes.indexOf(now);
  switch (key) {
    case '+':
    case '=':
      return textSizes[Math.min(at + 1, textSizes.length - 1)];
    case '-':
      return textSizes[Math.max(at - 1, 0)];
    case '0':
      return textSizes[0];
    default:
      return undefined;
  }
}
