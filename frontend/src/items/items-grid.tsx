import { UnstyledButton } from '@mantine/core';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { strings } from '../strings.ts';
import { SORT_COLUMNS, type SortColumn } from './item-order.ts';
import { ItemRow } from './item-row.tsx';
import type { ItemRows, ItemView, Sorting } from './item-view.ts';
import { moveIn } from './grid-keys.ts';

interface ItemsGridProps {
  view: ItemView;
  rows: ItemRows;
  sorting: Sorting | null;
  account: string;
  /** Told the index of the item whose details are wanted. */
  onOpen: (index: number) => void;
}

const ROW_HEIGHT = 40;
const ROWS_BEYOND = 8;

/**
 * The rows that are in view, of however many there are. The grid itself keeps the focus and names the active row, so that
 * the focus is never lost with a row that scrolls away.
 */
export function ItemsGrid({ view, rows, sorting, account, onOpen }: ItemsGridProps) {
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  // Of the item: rows come and go around it.
  const [active, setActive] = useState<number | null>(null);
  const { indexes, shape } = rows;
  const virtualizer = useRowVirtualizer(scroller, indexes.length);
  const activeRow = active === null ? -1 : indexes.indexOf(active);
  const activate = (row: number): void => {
    setActive(indexes[row] ?? null);
    reveal(virtualizer, scroller.current, row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const rowsInView = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const move = moveIn(rows, activeRow, event.key, rowsInView);
    if (move === null) return;
    event.preventDefault();
    if (move.to !== undefined) activate(move.to);
    const index = indexes[activeRow];
    if (index === undefined) return;
    if (move.open !== undefined) view.setOpen(index, move.open);
    if (move.details === true) onOpen(index);
  };
  const press = (row: number): void => {
    const index = indexes[row];
    if (index === undefined) return;
    setActive(index);
    scroller.current?.focus({ preventScroll: true });
    onOpen(index);
  };
  const toggle = (row: number, open: boolean): void => {
    const index = indexes[row];
    if (index === undefined) return;
    setActive(index);
    view.setOpen(index, open);
  };
  const isActiveInView = virtualizer.getVirtualItems().some(({ index }) => index === activeRow);
  return (
    <div
      ref={scroller}
      className="items-grid"
      role={shape === 'tree' ? 'treegrid' : 'grid'}
      aria-label={shape === 'tree' ? strings.load.tree(account) : strings.load.table(account)}
      aria-rowcount={indexes.length + 1}
      aria-colcount={SORT_COLUMNS.length}
      aria-activedescendant={isActiveInView ? `${gridId}-${activeRow}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (event.target === event.currentTarget && activeRow === -1 && indexes.length > 0)
          setActive(indexes[0] ?? null);
      }}
      data-testid="items-table"
    >
      <GridHead view={view} sorting={sorting} />
      <GridBody {...{ view, rows, virtualizer, gridId, activeRow, press, toggle }} />
    </div>
  );
}

interface GridBodyProps {
  view: ItemView;
  rows: ItemRows;
  virtualizer: RowVirtualizer;
  gridId: string;
  activeRow: number;
  press: (row: number) => void;
  toggle: (row: number, open: boolean) => void;
}

function GridBody({ view, rows, virtualizer, gridId, activeRow, press, toggle }: GridBodyProps) {
  return (
    <div role="rowgroup" className="items-body" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index: row, start }) => {
        const index = rows.indexes[row];
        if (index === undefined || index >= view.collection.count) return null;
        return (
          <ItemRow
            key={index}
            id={`${gridId}-${row}`}
            row={row}
            top={start}
            item={view.collection.at(index)}
            branch={rows.branches[row]}
            isActive={row === activeRow}
            onPress={() => press(row)}
            onToggle={(open) => toggle(row, open)}
          />
        );
      })}
    </div>
  );
}

function GridHead({ view, sorting }: { view: ItemView; sorting: Sorting | null }) {
  return (
    <div role="rowgroup" className="items-head">
      <div role="row" className="items-row" aria-rowindex={1}>
        {SORT_COLUMNS.map((column) => (
          <ColumnHead key={column} column={column} sorting={sorting} onSort={() => view.sortBy(column)} />
        ))}
      </div>
    </div>
  );
}

interface ColumnHeadProps {
  column: SortColumn;
  sorting: Sorting | null;
  onSort: () => void;
}

function ColumnHead({ column, sorting, onSort }: ColumnHeadProps) {
  const own = sorting?.column === column ? sorting : null;
  const sort = own === null ? 'none' : own.descending ? 'descending' : 'ascending';
  const mark = { none: '', ascending: '▲', descending: '▼' }[sort];
  const title = strings.load.columns[column];
  return (
    <div role="columnheader" className="items-cell" aria-sort={sort}>
      <UnstyledButton
        className="items-sort"
        onClick={onSort}
        aria-label={strings.load.sortBy(title)}
        data-testid={`sort-${column}`}
      >
        <span>{title}</span>
        <span aria-hidden="true">{mark}</span>
      </UnstyledButton>
    </div>
  );
}

function useRowVirtualizer(scroller: { current: HTMLDivElement | null }, count: number): RowVirtualizer {
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by what it returns
  return useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_BEYOND,
  });
}

type RowVirtualizer = Virtualizer<HTMLDivElement, Element>;

/** The head stays on top and takes its place from the rows: what is scrolled to must not lie beneath it. */
function reveal(virtualizer: RowVirtualizer, scroller: HTMLDivElement | null, row: number): void {
  if (!scroller) return;
  const top = row * ROW_HEIGHT;
  const room = scroller.clientHeight - 2 * ROW_HEIGHT;
  if (top < scroller.scrollTop) virtualizer.scrollToOffset(top);
  else if (top > scroller.scrollTop + room) virtualizer.scrollToOffset(top - room);
}
