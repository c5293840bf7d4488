/** Text of a file as it is shown: with nothing hidden in it, and not without end. */
import { showHidden } from '../parts/shown-text.ts';

/** So much of a line is shown. */
const lineLengthMax = 5000;

/** Tabs stay what they are: they belong to a text as they never do to a name. */
export function showLine(text: string): string {
  const shown = text.slice(0, lineLengthMax).split('\t').map(showHidden).join('\t');
  return text.length > lineLengthMax ? `${shown}…` : shown;
}
