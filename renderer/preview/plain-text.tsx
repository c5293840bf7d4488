/** A text as it stands, with the numbers of its lines; the beginning of a long one. */
import { useMemo, useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { showLine } from './content-text.ts';
import { linesOf } from './read-text.ts';

const shownAtOnce = 400;

export function PlainText({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { t } = useSurroundings();
  const lines = useMemo(() => linesOf(text), [text]);
  const [shown, setShown] = useState(shownAtOnce);
  if (lines.length === 0) return <p className="preview-facts soft">{t('preview.empty-text')}</p>;
  return (
    <div className="preview-text" role="group" aria-label={label}>
      {lines.slice(0, shown).map((line, at) => (
        <div key={at} className="text-line">
          <span className="text-number" aria-hidden="true">
            {at + 1}
          </span>
          <span className="text-words selectable">{showLine(line)}</span>
        </div>
      ))}
      {lines.length > shown ? <MoreLines left={lines.length - shown} onPress={() => setShown(shown + shownAtOnce * 4)} /> : null}
    </div>
  );
}

export function MoreLines({ left, onPress }: { readonly left: number; readonly onPress: () => void }): ReactNode {
  const { t } = useSurroundings();
  return (
    <div className="text-more">
      <Action kind="quiet" icon="down" onPress={onPress}>
        {t('preview.more-lines', { lines: left })}
      </Action>
    </div>
  );
}
