/** Where a version is brought back to, when not to its own place. */
import { folderOf, lastName } from '../parts/shown-text.ts';

/** As long as a name may be, in bytes. */
const nameBytesMax = 255;

/** The same folder, with a mark before the name's ending: `Letters/Rent (restored).odt`; shortened where a name can't be that long. */
export function otherName(path: string, mark: string): string {
  const folder = folderOf(path);
  const name = lastName(path);
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 ? name.slice(dot) : '';
  const end = ` (${mark})${bytesOf(ending) <= 32 ? ending : ''}`;
  const letters = [...(bytesOf(ending) <= 32 ? name.slice(0, name.length - ending.length) : name)];
  while (letters.length > 0 && bytesOf(letters.join('') + end) > nameBytesMax) letters.pop();
  return `${folder === '' ? '' : `${folder}/`}${letters.join('')}${end}`;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Why it can't be a place in the vault; undefined: it can. The agent looks at it again. */
export function placeTrouble(path: string): 'empty' | 'parts' | 'long' | undefined {
  const parts = path.split('/');
  if (path === '') return 'empty';
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'parts';
  return parts.some((part) => bytesOf(part) > nameBytesMax) ? 'long' : undefined;
}
