/** Which rows of a table are shown: searched, sorted and paged in the browser, kept in the address. */

import { useDeferredValue, useMemo } from "react";
import { useSearchParams } from "react-router";
import { folded } from "~/lib/text";

export interface Sort {
  by: string;
  down: boolean;
}

export interface TableState<Row> {
  /** The rows of this page. */
  shown: Row[];
  /** How many match. */
  found: number;
  page: number;
  pages: number;
  first: number;
  sort: Sort;
  query: string;
  setQuery: (query: string) => void;
  setPage: (page: number) => void;
  setSort: (by: string, down?: boolean) => void;
}

interface TableOptions<Row> {
  rows: readonly Row[];
  /** What a search looks in. */
  text: (row: Row) => string;
  sorts: Record<string, (row: Row) => string | number>;
  first: string;
  /** Whether the row is shown at all. */
  filter?: (row: Row) => boolean;
  perPage?: number;
}

export const PER_PAGE = 50;

/** Rows that match every word of the query, in order. */
export function arranged<Row>(
  rows: readonly Row[],
  query: string,
  text: (row: Row) => string,
  key: (row: Row) => string | number,
  down: boolean,
): Row[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    if (words.length === 0) return true;
    const inside = folded(text(row));
    return words.every((word) => inside.includes(word));
  });
  const order = new Intl.Collator("pt-BR", { numeric: true, sensitivity: "base" });
  const sign = down ? -1 : 1;
  const keyed = found.map((row) => ({ row, by: key(row) }));
  keyed.sort(({ by: one }, { by: other }) =>
    typeof one === "number" && typeof other === "number"
      ? sign * (one - other)
      : sign * order.compare(String(one), String(other)),
  );
  return keyed.map(({ row }) => row);
}

/** The state of one table; `q`, `sort` and `page` of the address. */
export function useTable<Row>({
  rows,
  text,
  sorts,
  first,
  filter,
  perPage = PER_PAGE,
}: TableOptions<Row>): TableState<Row> {
  const [parameters, setParameters] = useSearchParams();
  const query = parameters.get("q") ?? "";
  const asked = parameters.get("sort") ?? first;
  const down = asked.startsWith("-");
  const by = Object.hasOwn(sorts, asked.replace("-", "")) ? asked.replace("-", "") : first;
  const deferred = useDeferredValue(query);
  const found = useMemo(() => {
    const key = sorts[by] ?? (() => 0);
    return arranged(filter ? rows.filter(filter) : rows, deferred, text, key, down);
  }, [rows, deferred, by, down, text, sorts, filter]);
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const page = Math.min(pages, Math.max(1, Number(parameters.get("page")) || 1));
  const change = (name: string, value: string | null, keepPage = false) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        if (!keepPage) next.delete("page");
        return next;
      },
      { replace: true },
    );
  return {
    shown: found.slice((page - 1) * perPage, page * perPage),
    found: found.length,
    page,
    pages,
    first: (page - 1) * perPage + 1,
    sort: { by, down },
    query,
    setQuery: (next) => change("q", next),
    setPage: (next) => change("page", next > 1 ? String(next) : null, true),
    setSort: (next, wanted = next === by && !down) => change("sort", wanted ? `-${next}` : next),
  };
}
