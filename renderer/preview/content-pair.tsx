/** Two contents of one file beside each other: texts with their differences marked, pictures, or what can be said of others. */
import { useMemo, type ReactNode } from 'react';
import { Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { ContentView } from './content-view.tsx';
import { diffRows } from './diff-rows.ts';
import type { ShownContent } from './shown-content.ts';
import { TextDiff } from './text-diff.tsx';

/** What is shown or said of these is another thing for each content. */
const hasOwnFacts: ReadonlySet<ShownContent['is']> = new Set(['text', 'picture', 'pdf']);

interface PairSide {
  readonly content: ShownContent;
  readonly label: string;
}

export function ContentPair({
  left,
  right,
  path,
}: {
  readonly left: PairSide;
  readonly right: PairSide;
  readonly path: string;
}): ReactNode {
  const { t } = useSurroundings();
  const rows = useMemo(
    () => (left.content.is === 'text' && right.content.is === 'text' ? diffRows(left.content.text, right.content.text) : undefined),
    [left.content, right.content],
  );
  if (rows !== undefined) {
    const isSame = !rows.some((row) => row.is === 'changed');
    return (
      <>
        {isSame ? (
          <Notice kind="info">
            <p>{t('preview.same-text')}</p>
          </Notice>
        ) : null}
        <TextDiff rows={rows} left={left.label} right={right.label} />
      </>
    );
  }
  const isNothing = !hasOwnFacts.has(left.content.is) && left.content.is === right.content.is;
  if (isNothing) return <ContentView content={left.content} path={path} label={left.label} />;
  return (
    <>
      {left.content.is === 'text' && right.content.is === 'text' ? (
        <Notice kind="info">
          <p>{t('preview.too-different')}</p>
        </Notice>
      ) : null}
      <div className="preview-pair">
        {[left, right].map((side, at) => (
          <div key={at} className="preview-side">
            <h3>{side.label}</h3>
            <ContentView content={side.content} path={path} label={side.label} />
          </div>
        ))}
      </div>
    </>
  );
}
