/** A long list of which only what is seen is drawn: chosen by pointer or keys, with more coming as it is scrolled to its end. */
import './row-list.css';
import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField } from 'react-aria-components/Checkbox';
import { Collection } from 'react-aria-components/Collection';
import { GridList, GridListItem, GridListLoadMoreItem } from 'react-aria-components/GridList';
import { ListLayout, Virtualizer } from 'react-aria-components/Virtualizer';
import { Icon } from './icon.tsx';
import { useSurroundings } from './surroundings.tsx';
import type { Pages } from './use-pages.ts';

interface RowListProps<Row extends object> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What a row is called: read out, and found by typing. */
  readonly textOf: (row: Row) => string;
  readonly children: (row: Row) => ReactNode;
  readonly classOf?: (row: Row) => string;
  /** `many`: with a box before each. `none`: rows are there to be read, or pressed. */
  readonly choosing: 'none' | 'one' | 'many';
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (chosen: ReadonlySet<string>) => void;
  /** Rows that can't be chosen; they may still be pressed. */
  readonly unchosen?: readonly string[];
  /** A press on a row that can't be chosen; two, or Enter, on one that can. */
  readonly onAction?: (key: string) => void;
  readonly pages?: Pages<unknown>;
  /** Beside its key, what a drawn row depends on. */
  readonly dependencies?: readonly unknown[];
}

export function RowList<Row extends object>(props: RowListProps<Row>): ReactNode {
  const { label, rows, keyOf, choosing, chosen, onChoose, unchosen, onAction, pages, dependencies = [] } = props;
  const { t } = useSurroundings();
  const modes = { none: 'none', one: 'single', many: 'multiple' } as const;
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowSize: 56 }}>
      <GridList
        className="row-list"
        aria-label={label}
        selectionMode={modes[choosing]}
        selectionBehavior="replace"
        disabledBehavior="selection"
        {...(unchosen === undefined ? {} : { disabledKeys: unchosen })}
        {...(chosen === undefined ? {} : { selectedKeys: chosen })}
        {...(onAction === undefined ? {} : { onAction: (key) => onAction(String(key)) })}
        onSelectionChange={(keys) => onChoose?.(keys === 'all' ? new Set(rows.map(keyOf)) : new Set([...keys].map(String)))}
      >
        <Collection items={rows} dependencies={[...dependencies, choosing, t]}>
          {/* The id has to stand here: without it, rows are told apart by their number, and one that comes in before others ends all. */}
          {(row) => <RowItem {...props} id={keyOf(row)} row={row} />}
        </Collection>
        {pages?.hasMore === true ? (
          <GridListLoadMoreItem className="row-more" isLoading={pages.isLoading} onLoadMore={pages.more}>
            {t('words.loading')}
          </GridListLoadMoreItem>
        ) : null}
      </GridList>
    </Virtualizer>
  );
}

function RowItem<Row extends object>({
  id,
  row,
  textOf,
  children,
  classOf,
  choosing,
  unchosen = [],
}: RowListProps<Row> & { readonly id: string; readonly row: Row }): ReactNode {
  return (
    <GridListItem id={id} textValue={textOf(row)} className={`row-item ${classOf?.(row) ?? ''}`}>
      {choosing === 'many' && !unchosen.includes(id) ? <RowTick /> : null}
      {children(row)}
    </GridListItem>
  );
}

function RowTick(): ReactNode {
  return (
    <CheckboxField slot="selection">
      <CheckboxButton className="tick">
        <span className="tick-box">
          <Icon name="check" />
        </span>
      </CheckboxButton>
    </CheckboxField>
  );
}
