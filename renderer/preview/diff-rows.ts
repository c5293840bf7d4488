/** Two texts beside each other: which lines are the same, which only one has, and which words of a line differ. */
import { diffArrays, diffWordsWithSpace, type ChangeObject } from 'diff';
import { linesOf } from './read-text.ts';

export interface Piece {
  readonly text: string;
  /** Not in the line that stands beside it. */
  readonly isMarked: boolean;
}

export interface DiffLine {
  /** From 1. */
  readonly number: number;
  readonly pieces: readonly Piece[];
}

export type DiffRow =
  | { readonly is: 'same'; readonly left: number; readonly right: number; readonly text: string }
  | { readonly is: 'changed'; readonly left: DiffLine | undefined; readonly right: DiffLine | undefined }
  /** Lines that are the same on both sides and far from any change. */
  | { readonly is: 'fold'; readonly rows: readonly DiffRow[] };

/** Beyond so many changed lines, texts have next to nothing in common, and finding the little takes long. */
const changedLinesMax = 1000;
/** Lines beyond that are not looked into. */
const wordsLengthMax = 2000;
const changedWordsMax = 200;
/** Of two lines that stand beside each other, so much must be the same before words in them are marked. */
const alikeMin = 0.3;
/** Lines around a change that always show. */
const aroundLines = 3;

/** undefined: too different to be put beside each other line by line. Ends of lines don't count. */
export function diffRows(left: string, right: string): readonly DiffRow[] | undefined {
  const chunks = diffArrays([...linesOf(left)], [...linesOf(right)], { maxEditLength: changedLinesMax });
  if (chunks === undefined) return undefined;
  const rows: DiffRow[] = [];
  let atLeft = 1;
  let atRight = 1;
  let removed: readonly string[] = [];
  let added: readonly string[] = [];
  const pair = (): void => {
    rows.push(...pairLines({ lines: removed, from: atLeft }, { lines: added, from: atRight }));
    atLeft += removed.length;
    atRight += added.length;
    removed = [];
    added = [];
  };
  for (const chunk of chunks) {
    if (chunk.removed) removed = [...removed, ...chunk.value];
    else if (chunk.added) added = [...added, ...chunk.value];
    else {
      pair();
      for (const text of chunk.value) {
        rows.push({ is: 'same', left: atLeft, right: atRight, text });
        atLeft += 1;
        atRight += 1;
      }
    }
  }
  pair();
  return fold(rows);
}

interface Run {
  readonly lines: readonly string[];
  /** Number of its first line. */
  readonly from: number;
}

function pairLines(left: Run, right: Run): readonly DiffRow[] {
  return Array.from({ length: Math.max(left.lines.length, right.lines.length) }, (_, at) => {
    const one = left.lines[at];
    const other = right.lines[at];
    const [onePieces, otherPieces] = one === undefined || other === undefined ? [whole(one), whole(other)] : markWords(one, other);
    return {
      is: 'changed',
      left: one === undefined ? undefined : { number: left.from + at, pieces: onePieces },
      right: other === undefined ? undefined : { number: right.from + at, pieces: otherPieces },
    };
  });
}

function whole(text = ''): readonly Piece[] {
  return text === '' ? [] : [{ text, isMarked: false }];
}

/** Where the lines have little in common, nothing is marked: the whole line is another one. */
export function markWords(left: string, right: string): readonly [left: readonly Piece[], right: readonly Piece[]] {
  const plain = [whole(left), whole(right)] as const;
  if (Math.max(left.length, right.length) > wordsLengthMax) return plain;
  const chunks = diffWordsWithSpace(left, right, { maxEditLength: changedWordsMax });
  if (chunks === undefined) return plain;
  const common = chunks.reduce((length, chunk) => (chunk.added || chunk.removed ? length : length + chunk.value.trim().length), 0);
  if (common < alikeMin * Math.min(left.trim().length, right.trim().length)) return plain;
  const piecesOf = (isOther: (chunk: ChangeObject<string>) => boolean): readonly Piece[] =>
    chunks.filter((chunk) => !isOther(chunk)).map(({ value, added, removed }) => ({ text: value, isMarked: added || removed }));
  return [piecesOf(({ added }) => added), piecesOf(({ removed }) => removed)];
}

/** What is far from every change is folded away, unless the fold would be as long as what it hides. */
function fold(rows: readonly DiffRow[]): readonly DiffRow[] {
  const folded: DiffRow[] = [];
  let at = 0;
  while (at < rows.length) {
    let end = at;
    while (rows[end]?.is === 'same') end += 1;
    if (end === at) {
      folded.push(...rows.slice(at, at + 1));
      at += 1;
      continue;
    }
    const from = at === 0 ? 0 : at + aroundLines;
    const to = end === rows.length ? end : end - aroundLines;
    if (to - from > 2) folded.push(...rows.slice(at, from), { is: 'fold', rows: rows.slice(from, to) }, ...rows.slice(to, end));
    else folded.push(...rows.slice(at, end));
    at = end;
  }
  return folded;
}
