/** A new version waits: the agent says when it is taken; the page never loads itself anew. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./Pwa.module.css";
import "./words";

interface UpdateNoticeProps {
  take: () => void;
  later: () => void;
}

export default function UpdateNotice({ take, later }: UpdateNoticeProps) {
  const { t } = useTranslation("phone");
  return (
    <section className={styles.notice} aria-label={t("update.title")} data-testid="update-notice">
      <div role="status">
        <p className={styles.noticeTitle}>{t("update.title")}</p>
        <p className={styles.soft}>{t("update.about")}</p>
      </div>
      <div className={styles.buttons}>
        <Button size="xs" variant="default" onClick={later} data-testid="update-later">
          {t("later")}
        </Button>
        <Button size="xs" onClick={take} data-testid="update-take">
          {t("update.take")}
        </Button>
      </div>
    </section>
  );
}
