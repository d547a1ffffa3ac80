/** Whether live updates reach this page. */

import { useTranslation } from "react-i18next";
import { useDesk } from "../live/DeskContext";
import styles from "./Connection.module.css";

export function Connection() {
  const { t } = useTranslation();
  const connection = useDesk((snapshot) => snapshot.connection);
  return (
    <p
      className={styles.connection}
      role="status"
      data-testid="connection-state"
      data-state={connection}
    >
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.words}>{t(`top.${connection}`)}</span>
    </p>
  );
}
