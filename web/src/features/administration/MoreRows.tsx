/** How many rows are here, and the way to those after them. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./MoreRows.module.css";

interface MoreRowsProps {
  count: number;
  hasMore: boolean;
  loading: boolean;
  failed: boolean;
  load: () => void;
  remark?: string | null;
}

export function MoreRows({ count, hasMore, loading, failed, load, remark = null }: MoreRowsProps) {
  const { t: words } = useTranslation("administration");
  if (count === 0) return null;
  return (
    <div className={styles.more}>
      <span role="status">{remark ?? words("table.loaded", { count })}</span>
      {failed ? (
        <span className={styles.failed} role="alert">
          {words("table.moreFailed")}
        </span>
      ) : null}
      {hasMore ? (
        <Button variant="default" loading={loading} onClick={load} data-testid="more">
          {words("table.more")}
        </Button>
      ) : null}
    </div>
  );
}
