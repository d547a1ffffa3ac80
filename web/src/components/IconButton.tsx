/** A button that is only an icon: its words are its tooltip and its accessible name. */

import { ActionIcon, Tooltip } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./IconButton.module.css";

interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "color"> {
  label: string;
  size?: number;
  children: ReactNode;
}

export function IconButton({ label, size = 36, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} openDelay={400} withinPortal>
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
