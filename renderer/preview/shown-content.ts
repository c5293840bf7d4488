/** What of a file's content a window shows: its text, its picture, or plain facts. */
import type { ToldContent } from '../../src/control/acts/shared-shapes.ts';
import { isPdf } from './pdf-facts.ts';
import { readText } from './read-text.ts';
import { shownPixelsMax, sniffPicture, type Picture } from './sniff-picture.ts';

export type ShownContent =
  | { readonly is: 'text'; readonly text: string; readonly size: number }
  | { readonly is: 'picture'; readonly bytes: Uint8Array<ArrayBuffer>; readonly picture: Picture; readonly size: number }
  | { readonly is: 'pdf'; readonly bytes: Uint8Array<ArrayBuffer>; readonly size: number }
  /** None of these: nothing of it can be shown. */
  | { readonly is: 'other'; readonly size: number }
  | { readonly is: 'too-large'; readonly size: number }
  | { readonly is: 'gone' };

export function toShown(content: ToldContent): ShownContent {
  if (content.is !== 'content') return content;
  const bytes = Uint8Array.from(atob(content.base64), (letter) => letter.charCodeAt(0));
  const { size } = content;
  const picture = sniffPicture(bytes);
  if (picture !== undefined) {
    const isHuge = picture.width * picture.height > shownPixelsMax;
    return isHuge ? { is: 'too-large', size } : { is: 'picture', bytes, picture, size };
  }
  if (isPdf(bytes)) return { is: 'pdf', bytes, size };
  const text = readText(bytes);
  return text === undefined ? { is: 'other', size } : { is: 'text', text, size };
}
