/** The shape of a page that is on its way. */

import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import styles from "./Page.module.css";

export function PageBones() {
  const { t } = useTranslation();
  return (
    <div className={styles.page} role="status" aria-label={t("app.loading")}>
      <div className={styles.header}>
        <Bone width={180} height={24} />
      </div>
      <div className={styles.bones}>
        <Bone width="100%" height={36} />
        <Bone width="100%" height={44} />
        <Bone width="100%" height={44} />
        <Bone width="100%" height={44} />
      </div>
    </div>
  );
}
