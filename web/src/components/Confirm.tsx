/** A question before something that cannot be taken back: asked once, in the page's own words. */

import { Button, Modal } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Confirm.module.css";
import { useEscape } from "./useEscape";

interface ConfirmProps {
  question: string;
  /** What follows from a yes. */
  children?: ReactNode;
  yes: string;
  no?: string;
  danger?: boolean;
  /** Done on yes; the window stays, busy, until it ends, and closes unless it throws. */
  act: () => unknown;
  close: () => void;
  /** The sentence for what `act` threw. */
  failure?: (error: unknown) => string;
  testId?: string;
}

export function Confirm({
  question,
  children,
  yes,
  no,
  danger = false,
  act,
  close,
  failure,
  testId = "confirm",
}: ConfirmProps) {
  const { t } = useTranslation();
  const busy = useRef(false);
  const [shown, setShown] = useState<"idle" | "busy" | { failed: unknown }>("idle");
  const agree = async () => {
    if (busy.current) return;
    busy.current = true;
    setShown("busy");
    try {
      await act();
      close();
    } catch (error) {
      setShown({ failed: error });
    } finally {
      busy.current = false;
    }
  };
  const leave = () => {
    if (!busy.current) close();
  };
  useEscape(leave);
  return (
    <Modal
      opened
      onClose={leave}
      closeOnEscape={false}
      title={question}
      centered
      size={440}
      zIndex={300}
      lockScroll={false}
      attributes={{ header: { role: "presentation" } }}
      closeButtonProps={{ "aria-label": t("app.close") }}
      data-testid={testId}
    >
      {children ? <div className={styles.text}>{children}</div> : null}
      {typeof shown === "object" && failure ? (
        <p className={styles.failure} role="alert" data-testid={`${testId}-failure`}>
          {failure(shown.failed)}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button variant="default" onClick={close} disabled={shown === "busy"} data-autofocus>
          {no ?? t("app.cancel")}
        </Button>
        <Button
          className={danger ? styles.danger : undefined}
          loading={shown === "busy"}
          onClick={() => void agree()}
          data-testid={`${testId}-yes`}
        >
          {yes}
        </Button>
      </div>
    </Modal>
  );
}
