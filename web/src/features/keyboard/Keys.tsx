/** The list of shortcuts that «?» opens. */

import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./Keys.module.css";

const KEYS = [
  ["j", "next"],
  ["k", "previous"],
  ["f", "search"],
  ["r", "bar"],
  ["Enter", "send"],
  ["Shift + Enter", "newline"],
  ["/", "quickReplies"],
  ["{", "variables"],
  ["u", "unread"],
  ["n", "newChat"],
  ["Ctrl + K", "palette"],
  ["Esc", "close"],
  ["?", "help"],
] as const;

export default function Keys({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={close}
      title={t("keys.title")}
      centered
      lockScroll={false}
      attributes={{ header: { role: "presentation" } }}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <dl className={styles.keys}>
        {KEYS.map(([key, words]) => (
          <div key={key} className={styles.line}>
            <dt>{t(`keys.${words}`)}</dt>
            <dd>
              <kbd className={styles.key}>{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
