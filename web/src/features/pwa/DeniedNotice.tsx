/** The phone blocks the notifications: said once, with the way back; the settings go on to say it. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./Pwa.module.css";
import { WayBack } from "./WayBack";
import "./words";

export default function DeniedNotice({ close }: { close: () => void }) {
  const { t } = useTranslation("phone");
  return (
    <section className={styles.notice} aria-label={t("denied.title")} data-testid="push-denied">
      <div role="status">
        <p className={styles.noticeTitle}>{t("denied.title")}</p>
        <p className={styles.soft}>{t("denied.about")}</p>
        <div className={styles.soft}>
          <WayBack />
        </div>
      </div>
      <div className={styles.buttons}>
        <Button size="xs" variant="default" onClick={close} data-testid="push-denied-close">
          {t("understood")}
        </Button>
      </div>
    </section>
  );
}
