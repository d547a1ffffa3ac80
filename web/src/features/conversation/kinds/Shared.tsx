/** A post or product that the contact shared, by its address. */

import { IconExternalLink, IconShare3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { safeHref } from "~/lib/text";
import styles from "./Kinds.module.css";

/** Where what is shared inside Meta's apps is: posts and reels, and the files of them. */
const METAS = /(^|\.)(instagram|facebook|fbsbx|fbcdn|cdninstagram|fb)\.(com|net|watch)$/;

function isPost(link: string): boolean {
  try {
    return METAS.test(new URL(link).hostname);
  } catch {
    return false;
  }
}

export function Shared({ link }: { link: string }) {
  const { t } = useTranslation("messages");
  const href = safeHref(link);
  const of = isPost(link) ? "share" : "link";
  return (
    <div className={styles.quoteLike} data-testid="shared">
      <p className={styles.caption}>
        <Icon of={IconShare3} size={16} />
        {t(`${of}.title`)}
      </p>
      {href ? (
        <a
          className={styles.action}
          href={href}
          target="_blank"
          rel="noopener noreferrer"
          title={href}
        >
          {t(`${of}.open`)}
          <Icon of={IconExternalLink} size={13} />
        </a>
      ) : null}
    </div>
  );
}
