import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type UIEvent } from 'react';
import { useLanguage } from './language';

const ROW_PX = 36;
/** Rows drawn beyond either end of what is seen, so that a quick wheel shows no gap. */
const BEYOND = 12;
/** Browsers draw no box that is higher than some 17 to 33 million device pixels; at a scale of 200 % this is 16. */
const HIGHEST_PX = 8_000_000;

export interface GridColumn<Item> {
  readonly id: string;
  readonly head: ReactNode;
  readonly cell: (item: Item) => ReactNode;
  /** Pixels. */
  readonly width: number;
  readonly numeric?: boolean;
  /** Which way it is sorted; null where it can be and is not. */
  readonly sorted?: 'ascending' | 'descending' | null;
  readonly onSort?: () => void;
}

interface Props<Item> {
  readonly label: string;
  readonly columns: readonly GridColumn<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** A row that is chosen, by a click or by Enter. */
  readonly onOpen?: (item: Item) => void;
  /** The last rows have come into sight. */
  readonly onEnd?: () => void;
  /** There are others beyond these. */
  readonly more?: boolean;
  readonly height?: number | string;
}

/**
 * A table of any length, of which only what is seen is drawn. Rows are of one height: a place in it is a multiplication, and
 * nothing has to be measured. Follows the grid pattern of ARIA's Authoring Practices: one stop of the Tab key, arrows inside.
 */
export function Grid<Item>({
  label,
  columns,
  items,
  keyOf,
  onOpen,
  onEnd,
  more = false,
  height = '100%',
}: Props<Item>) {
  const { say } = useLanguage();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ first: 0, count: 20 });
  const [active, setActive] = useState(0);
  const whole = items.length * ROW_PX;
  const drawn = Math.min(whole, HIGHEST_PX);
  const capped = whole > HIGHEST_PX;
  const width = columns.reduce((sum, column) => sum + column.width, 0);

  const look = (element: HTMLElement) => {
    const count = Math.ceil(element.clientHeight / ROW_PX);
    const share = element.scrollTop / Math.max(1, drawn - element.clientHeight + ROW_PX);
    const first = capped ? Math.round(share * (items.length - count)) : Math.floor(element.scrollTop / ROW_PX);
    setSeen((before) => (before.first === first && before.count === count ? before : { first, count }));
    if (more && first + count + BEYOND >= items.length) onEnd?.();
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(() => look(element));
    watch.observe(element);
    look(element);
    return () => watch.disconnect();
  });
  const scrollTo = (row: number) => {
    const element = scroller.current;
    if (!element) return;
    const body = element.clientHeight - ROW_PX;
    if (capped) element.scrollTop = (row / items.length) * drawn;
    else if (row * ROW_PX < element.scrollTop) element.scrollTop = row * ROW_PX;
    else if ((row + 1) * ROW_PX > element.scrollTop + body) element.scrollTop = (row + 1) * ROW_PX - body;
  };
  const go = (row: number) => {
    const to = Math.max(0, Math.min(items.length - 1, row));
    setActive(to);
    scrollTo(to);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(active + 1),
    ArrowUp: () => go(active - 1),
    PageDown: () => go(active + seen.count - 2),
    PageUp: () => go(active - seen.count + 2),
    Home: () => go(0),
    End: () => go(items.length - 1),
    Enter: () => items[active] !== undefined && onOpen?.(items[active]),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keys[event.key];
    if (act === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    act();
  };
  const from = Math.max(0, seen.first - BEYOND);
  const rows = items.slice(from, seen.first + seen.count + BEYOND);
  const top = capped ? Math.max(0, (scroller.current?.scrollTop ?? 0) - (seen.first - from) * ROW_PX) : from * ROW_PX;
  const activeId = `${id}${active}`;

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label={label}
      aria-rowcount={more ? -1 : items.length + 1}
      aria-activedescendant={items.length > 0 ? activeId : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event: UIEvent<HTMLDivElement>) => look(event.currentTarget)}
      style={{ height }}
    >
      <div className="grid-head" role="row" style={{ minWidth: width }}>
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={column.onSort ? (column.sorted ?? 'none') : undefined}
            className={column.numeric ? 'cell numeric' : 'cell'}
            style={{ flex: `1 0 ${column.width}px` }}
          >
            {column.onSort ? (
              <button type="button" className="sort" onClick={column.onSort}>
                {column.head}
                <span aria-hidden="true">
                  {column.sorted === 'ascending' ? ' ▲' : column.sorted === 'descending' ? ' ▼' : ' ⇅'}
                </span>
              </button>
            ) : (
              column.head
            )}
          </div>
        ))}
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: drawn, minWidth: width }}>
        <div style={{ transform: `translateY(${top}px)` }} role="presentation">
          {rows.map((item, i) => {
            const row = from + i;
            return (
              <div
                key={keyOf(item)}
                id={`${id}${row}`}
                role="row"
                aria-rowindex={row + 2}
                aria-selected={row === active}
                className={`grid-row${row === active ? ' active' : ''}${onOpen ? ' opens' : ''}`}
                style={{ height: ROW_PX }}
                onClick={() => {
                  setActive(row);
                  onOpen?.(item);
                }}
              >
                {columns.map((column) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    className={column.numeric ? 'cell numeric' : 'cell'}
                    style={{ flex: `1 0 ${column.width}px` }}
                  >
                    {column.cell(item)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {items.length === 0 && !more && <p className="empty">{say('没有记录', 'Nothing here')}</p>}
    </div>
  );
}
