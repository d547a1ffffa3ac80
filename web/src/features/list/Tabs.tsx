/** The lists a user has, each with its live count (TAB-8). */

import { useTranslation } from "react-i18next";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { MANY } from "../live/reducer";
import { usePlace } from "../live/useView";
import styles from "./Tabs.module.css";

export function Tabs() {
  const { t } = useTranslation();
  const { me } = useDeskAndMe();
  const { view, go } = usePlace(me.tabs);
  const counts = useDesk((snapshot) => snapshot.state.counts);
  return (
    <nav className={styles.tabs}>
      {me.tabs.map((tab) => {
        const count = counts[tab];
        const words =
          count === undefined
            ? ""
            : count >= MANY
              ? t("tabs.countMany")
              : t("tabs.count", { count });
        return (
          <button
            type="button"
            key={tab}
            className={styles.tab}
            aria-current={view.tab === tab ? "page" : undefined}
            title={words || undefined}
            data-testid={`tab-${tab}`}
            onClick={() => go({ tab })}
          >
            <span className={styles.count} data-testid={`tab-count-${tab}`}>
              {count === undefined ? "–" : count >= MANY ? t("tabs.many") : count}
            </span>
            <span className={styles.name}>{t(`tabs.${tab}`)}</span>
          </button>
        );
      })}
    </nav>
  );
}
