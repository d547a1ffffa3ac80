/** Which rows of how many are shown, and the way to the others. */

import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import styles from "./Pager.module.css";
import type { TableState } from "./useTable";

export function Pager<Row>({ table }: { table: TableState<Row> }) {
  const { t: words } = useTranslation("administration");
  const { found, first, shown, page, pages, setPage } = table;
  if (found === 0) return null;
  return (
    <nav className={styles.pager} aria-label={words("table.pages")}>
      <span role="status">
        {words(pages > 1 ? "table.shown" : "table.all", {
          count: found,
          first,
          last: first + shown.length - 1,
        })}
      </span>
      {pages > 1 ? (
        <span className={styles.steps}>
          <IconButton
            label={words("table.previous")}
            disabled={page === 1}
            onClick={() => setPage(page - 1)}
          >
            <Icon of={IconChevronLeft} />
          </IconButton>
          <span>{words("table.page", { page, pages })}</span>
          <IconButton
            label={words("table.next")}
            disabled={page === pages}
            onClick={() => setPage(page + 1)}
            data-testid="next-page"
          >
            <Icon of={IconChevronRight} />
          </IconButton>
        </span>
      ) : null}
    </nav>
  );
}
