/** What led the contact to write: an advertisement, a post, a link. */

import { IconExternalLink, IconSpeakerphone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { Details } from "~/lib/api/types";
import { safeHref } from "~/lib/text";
import styles from "./Kinds.module.css";

export function ReferralNote({ referral }: { referral: NonNullable<Details["referral"]> }) {
  const { t } = useTranslation("messages");
  const { source, headline, body, url } = referral;
  const href = url === null ? null : safeHref(url);
  const word = (source ?? "").toLowerCase();
  const from = /^ads?$/.test(word) ? "ad" : word === "post" ? "post" : "link";
  return (
    <div className={styles.quoteLike} data-testid="referral">
      <p className={styles.caption}>
        <Icon of={IconSpeakerphone} size={16} />
        {t(`referral.${from}`)}
      </p>
      {headline ? (
        <p className={styles.choiceTitle} dir="auto">
          {headline}
        </p>
      ) : null}
      {body ? (
        <p className={styles.about} dir="auto">
          {body}
        </p>
      ) : null}
      {href ? (
        <a
          className={styles.action}
          href={href}
          target="_blank"
          rel="noopener noreferrer"
          title={href}
        >
          {t("referral.open")}
          <Icon of={IconExternalLink} size={13} />
        </a>
      ) : null}
    </div>
  );
}
