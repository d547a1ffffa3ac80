/** A window over the page, and how the focus goes back to where it came from. */

import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Window.module.css";

interface WindowProps {
  title: string;
  close: () => void;
  children: ReactNode;
  size?: number;
  testId?: string;
}

export function Window({ title, close, children, size = 480, testId }: WindowProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      centered
      size={size}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      attributes={{ header: { role: "presentation" }, content: { "data-testid": testId } }}
      classNames={{ content: styles.content, body: styles.body, title: styles.title }}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {children}
    </Modal>
  );
}

/** The buttons at the foot of a window. */
export function WindowActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}

/** When what is drawn goes, the focus returns to where it was, unless somebody has taken it on. */
export function useFocusBack(): void {
  const before = useRef(document.activeElement);
  useEffect(() => {
    const element = before.current;
    return () => {
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (!lost) return;
        const here = element instanceof HTMLElement && element.isConnected ? element : null;
        (here ?? document.getElementById("areas"))?.focus({ preventScroll: true });
      });
    };
  }, []);
}
