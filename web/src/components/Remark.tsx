/** A short word beside what it is about: what went wrong, what to know. */

import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Icon } from "./Icon";
import styles from "./Remark.module.css";

interface RemarkProps {
  tone?: "quiet" | "warning" | "danger";
  children: ReactNode;
  action?: { label: string; act: () => void };
  testId?: string;
}

/** Dangers are told to screen readers at once. */
export function Remark({ tone = "quiet", children, action, testId }: RemarkProps) {
  return (
    <div
      className={styles.remark}
      data-tone={tone}
      role={tone === "danger" ? "alert" : undefined}
      data-testid={testId}
    >
      <Icon of={tone === "quiet" ? IconInfoCircle : IconAlertTriangle} size={16} />
      <div className={styles.words}>
        {children}
        {action ? (
          <button type="button" className={styles.action} onClick={action.act}>
            {action.label}
          </button>
        ) : null}
      </div>
    </div>
  );
}
