/** One content by itself. */
import type { ReactNode } from 'react';
import { FactsLine } from './facts-line.tsx';
import { PdfView } from './pdf-view.tsx';
import { PictureView } from './picture-view.tsx';
import { PlainText } from './plain-text.tsx';
import type { ShownContent } from './shown-content.ts';

export function ContentView({
  content,
  path,
  label,
}: {
  readonly content: ShownContent;
  readonly path: string;
  readonly label: string;
}): ReactNode {
  if (content.is === 'text') return <PlainText text={content.text} label={label} />;
  if (content.is === 'picture') return <PictureView content={content} path={path} />;
  if (content.is === 'pdf') return <PdfView bytes={content.bytes} />;
  return <FactsLine of={content.is} path={path} />;
}
