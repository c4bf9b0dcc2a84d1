// Lists from the server: sorted, filtered and paged there, windowed here so that 100,000 rows scroll.
//
// Rows are reached with the arrow keys, opened with Enter; on narrow screens each row is a card.

import { useInfiniteQuery, keepPreviousData } from "@tanstack/react-query";
import {
  useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent,
  type ReactNode,
} from "react";
import { Link, useLocation } from "wouter";
import type { Page, Query } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useUrlParam } from "../url.ts";
import { Button, Loading, ProblemNote } from "./basics.tsx";
import { Icon } from "./icons.tsx";

const rowHeight = 48;
const overscan = 12;
const windowAbove = 60;
const pageSize = 100;

export interface Column<T> {
  key: string;
  label: string;
  cell: (row: T) => ReactNode;
  /** The name the server sorts by; none = not sortable. */
  sort?: string;
  number?: boolean;
  /** Takes what room is left. */
  wide?: boolean;
}

export interface List<T> {
  rows: T[];
  total: number;
  more: boolean;
  loadMore: () => void;
  loadingMore: boolean;
  pending: boolean;
  error: unknown;
  retry: () => void;
  filtered: boolean;
}

/** A server list whose `q`, sort and extra filters come from the address. */
export function useList<T>(
  name: string, fetchPage: (query: Query) => Promise<Page<T>>, filters: Query = {},
): List<T> {
  const [q] = useUrlParam("q");
  const [sort] = useUrlParam("sort");
  const [dir] = useUrlParam("dir");
  const asked = { q, sort, dir, ...filters };
  const query = useInfiniteQuery({
    queryKey: [name, "list", asked],
    queryFn: ({ pageParam }) => fetchPage({ ...asked, limit: pageSize, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  return {
    rows,
    total: query.data?.pages.at(-1)?.total ?? rows.length,
    more: query.hasNextPage,
    loadMore: () => void query.fetchNextPage(),
    loadingMore: query.isFetchingNextPage,
    pending: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    filtered: Boolean(q) || Object.values(filters).some((value) => value),
  };
}

export function SearchBox({ label, testid }: { label: string; testid?: string }) {
  const [q, setQ] = useUrlParam("q");
  const [text, setText] = useState(q);
  const typed = useRef(q);
  useEffect(() => {
    if (q !== typed.current) setText(q);
    typed.current = q;
  }, [q]);
  useEffect(() => {
    if (text === typed.current) return;
    const timer = window.setTimeout(() => {
      typed.current = text;
      setQ(text);
    }, 250);
    return () => window.clearTimeout(timer);
  }, [text, setQ]);
  return (
    <label className="search-box">
      <Icon name="search" size={16} />
      <span className="sr-only">{label}</span>
      <input
        type="search" value={text} placeholder={label} data-testid={testid}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

export function FilterSelect({ name, label, options, testid }: {
  name: string; label: string; options: [string, string][]; testid?: string;
}) {
  const [value, set] = useUrlParam(name);
  return (
    <label className="filter">
      <span>{label}</span>
      <select value={value} data-testid={testid} onChange={(event) => set(event.target.value)}>
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
    </label>
  );
}

function useWindow(count: number, on: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const [span, setSpan] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !on) return;
    const read = () => setSpan({ top: element.scrollTop, height: element.clientHeight });
    read();
    element.addEventListener("scroll", read, { passive: true });
    const watch = new ResizeObserver(read);
    watch.observe(element);
    return () => {
      element.removeEventListener("scroll", read);
      watch.disconnect();
    };
  }, [on]);
  if (!on) return { scroller, from: 0, to: count };
  const from = Math.max(0, Math.floor(span.top / rowHeight) - overscan);
  const to = Math.min(count, Math.ceil((span.top + span.height) / rowHeight) + overscan);
  return { scroller, from, to };
}

const narrow = () => window.matchMedia("(max-width: 700px)").matches;

export function DataTable<T extends { id: string }>({
  label, columns, list, href, empty, testid, rowTestid,
}: {
  label: string;
  columns: Column<T>[];
  list: List<T>;
  href?: (row: T) => string;
  empty: ReactNode;
  testid?: string;
  rowTestid?: string;
}) {
  const { t } = useWords();
  const f = useFormat();
  const [, go] = useLocation();
  const [selected, select] = useUrlParam("row");
  const windowed = list.rows.length > windowAbove && !narrow();
  const { scroller, from, to } = useWindow(list.rows.length, windowed);
  const { more, loadingMore, loadMore } = list;
  useEffect(() => {
    if (windowed && more && !loadingMore && to >= list.rows.length - overscan) loadMore();
  }, [windowed, more, loadingMore, to, list.rows.length]);

  const move = useCallback((event: KeyboardEvent<HTMLTableSectionElement>) => {
    const row = (event.target as HTMLElement).closest("tr");
    if (!row || event.target !== row) return;
    const step = event.key === "ArrowDown" ? row.nextElementSibling
      : event.key === "ArrowUp" ? row.previousElementSibling
      : event.key === "Home" ? row.parentElement?.querySelector("tr[data-row]")
      : event.key === "End" ? row.parentElement?.querySelector("tr[data-row]:last-of-type")
      : null;
    if (step instanceof HTMLElement && step.dataset["row"]) {
      event.preventDefault();
      step.focus();
      step.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && row.dataset["href"]) {
      go(row.dataset["href"]);
    }
  }, [go]);

  if (list.pending) return <Loading />;
  if (list.error && !list.rows.length) return <ProblemNote error={list.error} retry={list.retry} />;
  if (!list.rows.length) {
    return list.filtered
      ? <p className="nothing" role="status">{t("nothing-found")}</p> : <>{empty}</>;
  }
  return (
    <>
      <div
        className={`table-scroll ${windowed ? "windowed" : ""}`} ref={scroller}
        {...(windowed ? { tabIndex: 0, role: "region", "aria-label": label } : {})}
      >
        <table aria-rowcount={list.total + 1} data-testid={testid} aria-label={label}>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => <HeadCell key={column.key} column={column} />)}
            </tr>
          </thead>
          <tbody onKeyDown={move}>
            {from > 0 && (
              <tr aria-hidden="true" style={{ height: from * rowHeight }}>
                <td colSpan={columns.length} />
              </tr>
            )}
            {list.rows.slice(from, to).map((row, index) => (
              <tr
                key={row.id} data-row={row.id} data-testid={rowTestid} tabIndex={0}
                aria-rowindex={from + index + 2} data-href={href?.(row)}
                className={selected === row.id ? "selected" : ""}
                onFocus={(event) => {
                  if (event.target === event.currentTarget && href) select(row.id);
                }}
              >
                {columns.map((column, position) => (
                  <td key={column.key} data-label={column.label}
                    className={`${column.number ? "number" : ""} ${column.wide ? "wide" : ""}`}>
                    {position === 0 && href
                      ? <Link href={href(row)} className="row-link">{column.cell(row)}</Link>
                      : column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
            {to < list.rows.length && (
              <tr aria-hidden="true" style={{ height: (list.rows.length - to) * rowHeight }}>
                <td colSpan={columns.length} />
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <footer className="table-foot">
        <span role="status">
          {t("shown-of", { shown: f.number(list.rows.length), total: f.number(list.total) })}
        </span>
        {more && (
          <Button label={t("load-more")} isPending={loadingMore} onPress={loadMore}
            testid="load-more" />
        )}
      </footer>
      {list.error ? <ProblemNote error={list.error} retry={list.retry} /> : null}
    </>
  );
}

function HeadCell<T>({ column }: { column: Column<T> }) {
  const [sort, setSort] = useUrlParam("sort");
  const [dir, setDir] = useUrlParam("dir");
  const mine = column.sort !== undefined && sort === column.sort;
  const order = !mine ? "none" : dir === "desc" ? "descending" : "ascending";
  const press = () => {
    if (!column.sort) return;
    if (!mine) setSort(column.sort);
    setDir(mine && dir !== "desc" ? "desc" : "asc");
  };
  return (
    <th scope="col" className={column.number ? "number" : ""}
      {...(column.sort ? { "aria-sort": order } : {})}>
      {column.sort ? (
        <button type="button" className="sort" onClick={press}>
          {column.label}
          <Icon name={!mine ? "sort" : dir === "desc" ? "down" : "up"} size={14} />
        </button>
      ) : column.label}
    </th>
  );
}
