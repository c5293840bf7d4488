/** Two texts beside each other, or one below the other where the window is narrow, with what differs marked. */
import { useMemo, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Icon } from '../parts/icon.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { showLine } from './content-text.ts';
import type { DiffLine, DiffRow } from './diff-rows.ts';
import { MoreLines } from './plain-text.tsx';

const shownAtOnce = 400;

export function TextDiff({
  rows,
  left,
  right,
}: {
  readonly rows: readonly DiffRow[];
  /** Whose text stands there. */
  readonly left: string;
  readonly right: string;
}): ReactNode {
  const { t } = useSurroundings();
  const [open, setOpen] = useState<ReadonlySet<DiffRow>>(new Set());
  const [shown, setShown] = useState(shownAtOnce);
  const all = useMemo(() => rows.flatMap((row) => (row.is === 'fold' && open.has(row) ? row.rows : [row])), [rows, open]);
  return (
    <div className="preview-text text-diff">
      <div role="table" aria-label={t('preview.difference')} className="diff-table">
        <div role="row" className="diff-row diff-head">
          <span role="columnheader" className="diff-cell diff-left">
            {left}
          </span>
          <span role="columnheader" className="diff-cell diff-right">
            {right}
          </span>
        </div>
        {all.slice(0, shown).map((row, at) => (
          <Row key={at} row={row} onOpen={() => setOpen(new Set([...open, row]))} />
        ))}
      </div>
      {all.length > shown ? <MoreLines left={all.length - shown} onPress={() => setShown(shown + shownAtOnce * 4)} /> : null}
    </div>
  );
}

function Row({ row, onOpen }: { readonly row: DiffRow; readonly onOpen: () => void }): ReactNode {
  const { t } = useSurroundings();
  if (row.is === 'fold') {
    return (
      <div role="row" className="diff-row diff-fold">
        <span role="cell" aria-colspan={2} className="diff-fold-cell">
          <Button className="diff-fold-button" onPress={onOpen}>
            <Icon name="down" size={16} />
            <span>{t('preview.same-lines', { lines: row.rows.length })}</span>
          </Button>
        </span>
      </div>
    );
  }
  if (row.is === 'same') {
    const pieces = [{ text: row.text, isMarked: false }];
    return (
      <div role="row" className="diff-row diff-same">
        <Cell side="left" line={{ number: row.left, pieces }} />
        <Cell side="right" line={{ number: row.right, pieces }} />
      </div>
    );
  }
  return (
    <div role="row" className="diff-row diff-changed">
      <Cell side="left" line={row.left} />
      <Cell side="right" line={row.right} />
    </div>
  );
}

function Cell({ side, line }: { readonly side: 'left' | 'right'; readonly line: DiffLine | undefined }): ReactNode {
  if (line === undefined) return <span role="cell" className={`diff-cell diff-${side} diff-none`} />;
  return (
    <span role="cell" className={`diff-cell diff-${side}`}>
      <span className="text-number" aria-hidden="true">
        {line.number}
      </span>
      <span className="text-words selectable">
        {line.pieces.map(({ text, isMarked }, at) =>
          isMarked ? <mark key={at}>{showLine(text)}</mark> : <span key={at}>{showLine(text)}</span>,
        )}
      </span>
    </span>
  );
}
