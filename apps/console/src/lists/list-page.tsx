import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { found, useCatalogue, type Column, type List } from '../api/catalogue';
import { address, get } from '../api/http';
import { useActor, VIEW } from '../api/session';
import { Grid, type GridColumn } from '../kit/grid';
import { brief, useLanguage } from '../kit/language';
import type { Page as Rows, Row } from '../kit/names';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { SaveButton } from '../kit/save-button';
import { useTimes } from '../kit/times';
import { isNumber, Value } from '../kit/value';
import { useAsked, type Search } from '../shell/search-params';
import { FilterField } from './filter-field';
import { keyOf, Thing } from './thing';

const PAGE = 200;

/** Any list, from what the catalogue says of it: narrowed, searched, sorted, at both times, with what can be done with a row. */
export default function ListPage() {
  const { list: name } = useParams({ strict: false });
  const list = found(useCatalogue().lists, name ?? '');
  return <Shown key={list.name} list={list} />;
}

function Shown({ list }: { readonly list: List }) {
  const { say, tell } = useLanguage();
  const search = useAsked();
  const navigate = useNavigate();
  const times = useTimes();
  const actor = useActor();
  const fields = [...new Set([...list.key, ...list.filter])];
  const asked = Object.fromEntries(['search', 'sort', ...fields].map((field) => [field, search[field]]));
  const ask = (change: Search) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change, open: undefined }), replace: true });

  const { data, error, fetchNextPage, hasNextPage, isFetching, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['list', list.name, asked, times],
    queryFn: ({ pageParam, signal }) =>
      get<Rows>(`/api/v1/${list.name}`, { ...asked, ...times, limit: PAGE, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  const open = rows.find((row) => keyOf(list, row) === search.open);
  const commands = useCatalogue().commands.filter(
    ({ context, acts, roles }) => context === list.context && acts.length === 0 && roles.includes(actor.role),
  );

  return (
    <Page
      title={tell(list)}
      actions={
        <>
          {commands.slice(0, 3).map((command) => (
            <Link key={command.name} className="button" to="/do/$command" params={{ command: command.name }}>
              {tell(brief(command))}
            </Link>
          ))}
          {VIEW === 'platform' && (
            <SaveButton
              name={`${list.name}.csv`}
              path={address(`/api/v1/${list.name}`, { ...asked, ...times })}
              accept="text/csv"
            >
              {say('导出 CSV', 'Export CSV')}
            </SaveButton>
          )}
        </>
      }
    >
      <div className="filters" role="search">
        {list.search.length > 0 && (
          <SearchBox list={list} value={search.search ?? ''} onSearch={(text) => ask({ search: text || undefined })} />
        )}
        {fields.map((field) => {
          const column = list.columns.find((one) => one.name === field);
          return (
            column && (
              <FilterField
                key={field}
                column={column}
                value={search[field]}
                onChange={(value) => ask({ [field]: value })}
              />
            )
          );
        })}
        {Object.values(asked).some(Boolean) && (
          <Button
            type="link"
            onClick={() => ask(Object.fromEntries(Object.keys(asked).map((field) => [field, undefined])))}
          >
            {say('清除条件', 'Clear')}
          </Button>
        )}
        <span className="count" role="status">
          {isFetching
            ? say('读取中…', 'Reading…')
            : say(`${rows.length}${hasNextPage ? '+' : ''} 条`, `${rows.length}${hasNextPage ? '+' : ''} rows`)}
        </span>
      </div>
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <div className="fill">
          <Grid
            label={tell(list)}
            columns={columnsOf(list, search.sort, (sort) => ask({ sort }), tell)}
            items={rows}
            keyOf={(row) => keyOf(list, row)}
            onOpen={(row) =>
              void navigate({ to: '.', search: (before: Search) => ({ ...before, open: keyOf(list, row) }) })
            }
            more={hasNextPage || data === undefined}
            onEnd={() => {
              if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
            }}
          />
        </div>
      )}
      {open && (
        <Thing
          list={list}
          row={open}
          onClose={() => void navigate({ to: '.', search: (before: Search) => ({ ...before, open: undefined }) })}
        />
      )}
    </Page>
  );
}

const WIDTHS: Partial<Record<Column['kind'], number>> = {
  text: 190,
  slug: 190,
  region: 110,
  day: 106,
  fen: 130,
  count: 90,
  hundredths: 110,
  flag: 80,
  choice: 110,
  uscc: 190,
  parts: 220,
  several: 180,
};

/** A Han character is as wide as the type is high, and a letter half of that. */
const headWidth = (text: string) => Array.from(text).reduce((sum, one) => sum + (one > '\u2e80' ? 14.5 : 8), 36);

function columnsOf(
  list: List,
  sort: string | undefined,
  onSort: (sort: string) => void,
  tell: (said: Column) => string,
): GridColumn<Row>[] {
  return list.columns.map((column) => {
    const can = list.sort.includes(column.name);
    const sorted = sort === column.name ? 'ascending' : sort === `-${column.name}` ? 'descending' : null;
    return {
      id: column.name,
      head: tell(column),
      cell: (row) => <Value column={column} value={row[column.name]} linked={!list.key.includes(column.name)} />,
      width: Math.max(WIDTHS[column.kind] ?? 150, headWidth(tell(column))),
      numeric: isNumber(column),
      ...(can ? { sorted, onSort: () => onSort(sorted === 'ascending' ? `-${column.name}` : column.name) } : {}),
    };
  });
}

function SearchBox({
  list,
  value,
  onSearch,
}: {
  readonly list: List;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}) {
  const { say, tell } = useLanguage();
  const [text, setText] = useState(value);
  const names = list.search
    .map((name) => list.columns.find((column) => column.name === name))
    .filter((column) => column !== undefined);
  const label = say(`搜索${names.map(tell).join('、')}`, `Search ${names.map(tell).join(', ')}`);
  return (
    <Input.Search
      aria-label={label}
      placeholder={label}
      value={text}
      allowClear
      maxLength={60}
      onChange={(event) => setText(event.target.value)}
      onSearch={onSearch}
      style={{ width: 260 }}
    />
  );
}
