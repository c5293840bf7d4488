/** A plain statement where nothing of a content can be shown. */
import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { lastName } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { fileKind } from './file-kind.ts';
import type { ShownContent } from './shown-content.ts';

/** `broken`: a picture that the browser could not draw. */
export function FactsLine({ of, path }: { readonly of: ShownContent['is'] | 'broken'; readonly path: string }): ReactNode {
  const { t } = useSurroundings();
  return (
    <p className="preview-facts">
      <Icon name="file" />
      <span>
        {of === 'gone' ? null : t(`preview.kind.${fileKind(lastName(path))}`)} {t(`preview.not-shown.${reasonOf(of)}`)}
      </span>
    </p>
  );
}

function reasonOf(of: ShownContent['is'] | 'broken'): 'gone' | 'too-large' | 'broken' | 'other' {
  return of === 'gone' || of === 'too-large' || of === 'broken' ? of : 'other';
}
