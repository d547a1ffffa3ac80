/** The list of shortcuts that «?» opens. */

import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { keyboard } from "~/i18n/keyboard";
import styles from "./Keys.module.css";

addSentences("keyboard", keyboard);

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
  const { t: words } = useTranslation("keyboard");
  return (
    <Modal
      opened
      onClose={close}
      title={words("keys.title")}
      centered
      lockScroll={false}
      attributes={{ header: { role: "presentation" } }}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <dl className={styles.keys}>
        {KEYS.map(([key, name]) => (
          <div key={key} className={styles.line}>
            <dt>{words(`keys.${name}`)}</dt>
            <dd>
              <kbd className={styles.key}>{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
