/** A stored tag as it is shown: its name on its colour (INFO-5, ROW-6). */

import type { ReactNode } from "react";
import styles from "./TagChip.module.css";

export function TagChip({
  name,
  color,
  children,
}: {
  name: string;
  color: string;
  children?: ReactNode;
}) {
  return (
    <span className={styles.tag} data-color={color}>
      <bdi className={styles.name} dir="auto" title={name}>
        {name}
      </bdi>
      {children}
    </span>
  );
}

/** Only the colour. */
export function TagDot({ color }: { color: string }) {
  return <span className={styles.dot} data-color={color} aria-hidden="true" />;
}
