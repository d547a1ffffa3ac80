/** The frame of one page: its title, what it is for, and what can be begun from it. */

import type { ReactNode } from "react";
import styles from "./Page.module.css";

interface PageProps {
  title: string;
  text: string;
  actions?: ReactNode;
  children: ReactNode;
  narrow?: boolean;
}

export function Page({ title, text, actions, children, narrow = false }: PageProps) {
  return (
    <div className={styles.page} data-narrow={narrow}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.text}>{text}</p>
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}
