/** A part of a page under its own name. */

import type { ReactNode } from "react";
import styles from "./Card.module.css";

export function Card({
  title,
  text,
  children,
}: {
  title: string;
  text?: string;
  children: ReactNode;
}) {
  return (
    <section className={styles.card} aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      {text ? <p className={styles.text}>{text}</p> : null}
      <div className={styles.content}>{children}</div>
    </section>
  );
}
