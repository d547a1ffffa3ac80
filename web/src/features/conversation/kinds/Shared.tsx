/** A post or product that the contact shared, by its address. */

import { IconExternalLink, IconShare3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { safeHref } from "~/lib/text";
import styles from "./Kinds.module.css";

export function Shared({ link }: { link: string }) {
  const { t } = useTranslation("messages");
  const href = safeHref(link);
  return (
    <div className={styles.quoteLike} data-testid="shared">
      <p className={styles.caption}>
        <Icon of={IconShare3} size={16} />
        {t("share.title")}
      </p>
      {href ? (
        <a
          className={styles.action}
          href={href}
          target="_blank"
          rel="noopener noreferrer"
          title={href}
        >
          {t("share.open")}
          <Icon of={IconExternalLink} size={13} />
        </a>
      ) : null}
    </div>
  );
}
