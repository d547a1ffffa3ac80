/** What fills the page when it cannot be shown: why, and the next step. */

import type { ReactNode } from "react";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import styles from "./Whole.module.css";

interface WholeProps {
  icon: Parameters<typeof Icon>[0]["of"];
  title: string;
  action: { label: string; act: () => void };
  children: ReactNode;
}

export function Whole({ icon, title, action, children }: WholeProps) {
  return (
    <main className={styles.whole}>
      <Notice alert icon={<Icon of={icon} size={26} />} title={title} action={action}>
        {children}
      </Notice>
    </main>
  );
}
