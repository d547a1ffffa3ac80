/** The bell's list before it is there, in its shape. */

import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import styles from "./Notices.module.css";

export function ListBones() {
  const { t } = useTranslation();
  return (
    <div className={styles.bones} role="status" aria-label={t("app.loading")}>
      {["55%", "70%", "45%"].map((width) => (
        <div key={width} className={styles.bone}>
          <Bone width={18} height={18} round />
          <div className={styles.boneLines}>
            <Bone width={width} height={14} />
            <Bone width="90%" />
          </div>
        </div>
      ))}
    </div>
  );
}
