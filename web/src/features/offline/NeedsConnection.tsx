/** What stands where something can only come from the server, which cannot be reached. */

import "./words";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import type { offline } from "~/i18n/offline";
import styles from "./NeedsConnection.module.css";

interface NeedsConnectionProps {
  what: keyof typeof offline.needs;
  again: () => void;
}

export default function NeedsConnection({ what, again }: NeedsConnectionProps) {
  const { t } = useTranslation("offline");
  return (
    <div className={styles.whole} data-testid={`needs-connection-${what}`}>
      <Notice
        alert
        icon={<Icon of={IconCloudOff} size={26} />}
        title={t(`needs.${what}.title`)}
        action={{ label: t("retry"), act: again }}
      >
        {t(`needs.${what}.text`)}
      </Notice>
    </div>
  );
}
