/** The story that mentions us, or that the contact answers: where it is seen, while it is (INB-9). */

import { IconAt, IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useNow } from "~/components/useNow";
import type { Details, Message } from "~/lib/api/types";
import { safeHref } from "~/lib/text";
import styles from "./Kinds.module.css";

const SHOWN_MS = 24 * 3_600_000;

export function StoryNote({
  story,
  message,
}: {
  story: NonNullable<Details["story"]>;
  message: Message;
}) {
  const { t } = useTranslation("messages");
  const now = useNow(60_000);
  const href = story.url === null ? null : safeHref(story.url);
  const over = href === null || now - Date.parse(message.at) > SHOWN_MS;
  return (
    <div className={styles.quoteLike} data-testid="story" data-expired={over}>
      <p className={styles.caption}>
        <Icon of={IconAt} size={16} />
        {t(`story.${story.what}`)}
      </p>
      {over ? (
        <p className={styles.about}>{t("story.expired")}</p>
      ) : (
        <a className={styles.action} href={href} target="_blank" rel="noopener noreferrer">
          {t("story.open")}
          <Icon of={IconExternalLink} size={13} />
        </a>
      )}
    </div>
  );
}
