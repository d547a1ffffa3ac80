/** What stands where nothing can: empty, failed or missing, in plain words with the next step. */

import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./Notice.module.css";

interface NoticeProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: { label: string; act: () => void };
  alert?: boolean;
}

export function Notice({ icon, title, children, action, alert = false }: NoticeProps) {
  return (
    <div className={styles.notice} role={alert ? "alert" : undefined}>
      <span className={styles.icon}>{icon}</span>
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.text}>{children}</p>
      {action ? (
        <Button variant="default" onClick={action.act}>
          {action.label}
        </Button>
      ) : null}
    </div>
  );
}
