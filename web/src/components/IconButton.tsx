/** A button that is only an icon: its words are its tooltip and its accessible name. */

import { ActionIcon, Tooltip } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./IconButton.module.css";

interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "color"> {
  label: string;
  size?: number;
  /** Whether its words are shown beside it; not while something of its own lies there. */
  hint?: boolean;
  children: ReactNode;
}

export function IconButton({ label, size = 36, hint = true, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} openDelay={400} withinPortal disabled={!hint}>
      <ActionIcon
        variant="subtle"
        className={styles.button}
        size={size}
        aria-label={label}
        {...rest}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
