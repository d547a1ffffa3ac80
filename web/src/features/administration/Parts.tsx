/** Small things that several pages show: a status, a name with its picture, a tag, a row's words. */

import { type ReactNode, useId } from "react";
import { Avatar } from "~/components/Avatar";
import styles from "./Parts.module.css";

export function Status({
  tone,
  children,
}: {
  tone: "good" | "quiet" | "warning" | "danger";
  children: ReactNode;
}) {
  return (
    <span className={styles.status} data-tone={tone}>
      {children}
    </span>
  );
}

/** Somebody's sign, name, and a line below. */
export function Person({
  name,
  below,
  picture = null,
  beside,
}: {
  name: string;
  below?: ReactNode;
  picture?: string | null;
  beside?: ReactNode;
}) {
  return (
    <span className={styles.person}>
      <Avatar name={name} size={36} picture={picture} />
      <span className={styles.personWords}>
        <span className={styles.personName}>
          <bdi className={styles.clamped} dir="auto">
            {name}
          </bdi>
          {beside}
        </span>
        {below ? <span className={styles.below}>{below}</span> : null}
      </span>
    </span>
  );
}

export function Soft({ children }: { children: ReactNode }) {
  return <span className={styles.soft}>{children}</span>;
}

/** A group of fields under one name. */
export function Group({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <fieldset className={styles.group} aria-labelledby={heading}>
      <div className={styles.groupHead}>
        <span id={heading} className={styles.legend}>
          {title}
        </span>
        {aside}
      </div>
      {children}
    </fieldset>
  );
}

/** The fields above a table: search, filters. */
export function Tools({ children }: { children: ReactNode }) {
  return <div className={styles.tools}>{children}</div>;
}
