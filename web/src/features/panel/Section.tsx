/** A part of the panel that folds; how it was left is kept on this computer. */

import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import { Icon } from "~/components/Icon";
import { kept } from "~/lib/storage";
import styles from "./Panel.module.css";

interface SectionProps {
  id: string;
  title: string;
  /** How many there are, said beside the title. */
  count?: number | null;
  /** Folded until somebody opens it. */
  beginsFolded?: boolean;
  children: ReactNode;
}

export function Section({ id, title, count, beginsFolded = false, children }: SectionProps) {
  const key = `panel-folded:${id}`;
  const heading = useId();
  const [folded, setFolded] = useState(
    () => (kept.get(key) ?? (beginsFolded ? "yes" : "")) === "yes",
  );
  const fold = () => {
    kept.set(key, folded ? "no" : "yes");
    setFolded(!folded);
  };
  return (
    <section className={styles.section} aria-labelledby={heading} data-testid={`section-${id}`}>
      <h3>
        <button
          type="button"
          id={heading}
          className={styles.fold}
          aria-expanded={!folded}
          onClick={fold}
        >
          <span>
            {title}
            {count ? <span className={styles.count}>{count}</span> : null}
          </span>
          <span className={styles.chevron} data-folded={folded}>
            <Icon of={IconChevronDown} size={16} />
          </span>
        </button>
      </h3>
      {folded ? null : <div className={styles.inside}>{children}</div>}
    </section>
  );
}

export function Fact({
  term,
  children,
  testId,
}: {
  term: string;
  children: ReactNode;
  testId?: string;
}) {
  return (
    <div className={styles.fact}>
      <dt dir="auto">{term}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}
