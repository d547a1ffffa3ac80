/** Asks before a message that may have arrived is sent once more. */

import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Message } from "~/lib/api/types";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./FailureCard.module.css";

export default function ConfirmRetry({
  message,
  chatId,
  close,
}: {
  message: Message;
  chatId: string;
  close: () => void;
}) {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  return (
    <Modal
      opened
      onClose={close}
      title={t("failure.confirmTitle")}
      centered
      lockScroll={false}
      attributes={{ header: { role: "presentation" } }}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <p>{t("failure.confirm")}</p>
      <div className={styles.actions}>
        <Button variant="default" onClick={close} data-autofocus>
          {t("app.cancel")}
        </Button>
        <Button
          data-testid="retry-confirm"
          onClick={() => {
            desk.retry(chatId, message.key, message.text);
            close();
          }}
        >
          {t("failure.confirmYes")}
        </Button>
      </div>
    </Modal>
  );
}
