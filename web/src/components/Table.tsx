/** A table that is read and entered row by row; on a narrow screen each row is a card. */

import { NativeSelect } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlugConnectedX } from "@tabler/icons-react";
import type { MouseEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "./Bone";
import { Icon } from "./Icon";
import { Notice } from "./Notice";
import styles from "./Table.module.css";
import type { Sort } from "./useTable";
import { ONE_AREA, useNarrower } from "./useWidth";

export interface Column<Row> {
  id: string;
  label: string;
  cell: (row: Row) => ReactNode;
  sortable?: boolean;
  /** Of what is left; the first column takes the rest. */
  width?: number;
  numeric?: boolean;
  /** Left out where there is little room. */
  wideOnly?: boolean;
}

interface TableProps<Row> {
  /** What the table holds, for those who do not see it. */
  label: string;
  /** The first names the row: a click on it, or anywhere in the row, opens it. */
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  open?: (row: Row) => void;
  sort?: Sort;
  /** Without `down`, the other way round when it is sorted by that already. */
  setSort?: (by: string, down?: boolean) => void;
  state: "loading" | "failed" | "ready";
  retry: () => void;
  /** What stands here when there are no rows. */
  empty: ReactNode;
  testId: string;
}

export function Table<Row>(props: TableProps<Row>) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const cards = useNarrower(ONE_AREA);
  const { state, rows, empty, retry } = props;
  if (state === "failed") {
    return (
      <div className={`${styles.frame} ${styles.nothing}`}>
        <Notice
          alert
          icon={<Icon of={IconPlugConnectedX} size={26} />}
          title={words("table.failedTitle")}
          action={{ label: t("app.retry"), act: retry }}
        >
          {words("table.failed")}
        </Notice>
      </div>
    );
  }
  if (state === "loading") {
    return (
      <div className={styles.frame} role="status" aria-label={t("app.loading")}>
        {[62, 48, 70, 55, 40, 66].map((width) => (
          <div key={width} className={styles.boneRow}>
            <Bone width={`${width / 2}%`} />
            <Bone width="18%" />
            <Bone width={64} height={20} />
          </div>
        ))}
      </div>
    );
  }
  if (rows.length === 0) return <div className={`${styles.frame} ${styles.nothing}`}>{empty}</div>;
  return cards ? <Cards {...props} /> : <Rows {...props} />;
}

function Rows<Row>({ label, columns, rows, keyOf, open, sort, setSort, testId }: TableProps<Row>) {
  const { t: words } = useTranslation("administration");
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={label} data-testid={testId}>
        <thead>
          <tr>
            {columns.map((column) => {
              const on = sort?.by === column.id;
              const direction = on ? (sort.down ? "descending" : "ascending") : "none";
              return (
                <th
                  key={column.id}
                  scope="col"
                  data-wide={column.wideOnly}
                  data-numeric={column.numeric}
                  style={column.width ? { width: column.width } : undefined}
                  aria-sort={column.sortable ? direction : undefined}
                >
                  {column.sortable && setSort ? (
                    <button
                      type="button"
                      className={styles.sort}
                      title={words("table.sortBy", { column: column.label })}
                      onClick={() => setSort(column.id)}
                    >
                      {column.label}
                      <span className={styles.arrow} data-on={on}>
                        <Icon of={on && sort.down ? IconArrowDown : IconArrowUp} size={14} />
                      </span>
                    </button>
                  ) : (
                    column.label
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              data-testid={`${testId}-row`}
              data-opens={open !== undefined}
              onClick={(event) => openBy(event, () => open?.(row))}
            >
              {columns.map((column, index) => (
                <td
                  key={column.id}
                  data-wide={column.wideOnly}
                  data-numeric={column.numeric}
                  data-first={index === 0}
                >
                  {index === 0 && open ? (
                    <button type="button" className={styles.open} onClick={() => open(row)}>
                      {column.cell(row)}
                    </button>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cards<Row>({ label, columns, rows, keyOf, open, sort, setSort, testId }: TableProps<Row>) {
  const { t: words } = useTranslation("administration");
  const [first, ...rest] = columns;
  const sorts = setSort && sort ? columns.filter((column) => column.sortable) : [];
  const cards = (
    <ul className={styles.cards} aria-label={label} data-testid={testId}>
      {rows.map((row) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: its own button has the keys
        <li
          key={keyOf(row)}
          className={styles.card}
          data-opens={open !== undefined}
          data-testid={`${testId}-row`}
          onClick={(event) => openBy(event, () => open?.(row))}
        >
          {open ? (
            <button type="button" className={styles.cardOpen} onClick={() => open(row)}>
              {first?.cell(row)}
            </button>
          ) : (
            <div className={styles.cardOpen}>{first?.cell(row)}</div>
          )}
          <dl className={styles.facts}>
            {rest.map((column) => (
              <div key={column.id} className={styles.fact}>
                <dt>{column.label}</dt>
                <dd>{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
  return sorts.length > 0 ? (
    <>
      <NativeSelect
        className={styles.sorts ?? ""}
        aria-label={words("table.sort")}
        value={`${sort?.down ? "-" : ""}${sort?.by}`}
        onChange={({ currentTarget: { value } }) =>
          setSort?.(value.replace("-", ""), value.startsWith("-"))
        }
        data={sorts.flatMap((column) => [
          { value: column.id, label: words("table.up", { column: column.label }) },
          { value: `-${column.id}`, label: words("table.down", { column: column.label }) },
        ])}
      />
      {cards}
    </>
  ) : (
    cards
  );
}

/** A click beside the row's own links and buttons opens it, unless it marked some words. */
function openBy(event: MouseEvent, open: () => void): void {
  if (window.getSelection()?.toString()) return;
  if ((event.target as HTMLElement).closest("a, button, input, label")) return;
  open();
}
