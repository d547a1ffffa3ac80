/** A button that is only an icon: its words are its tooltip and its accessible name. */

import { ActionIcon, Tooltip } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./IconButton.module.css";

interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "color"> {
  label: string;
  children: ReactNode;
}

export function IconButton({ label, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} openDelay={400} withinPortal>
      <ActionIcon variant="subtle" className={styles.button} size={36} aria-label={label} {...rest}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
