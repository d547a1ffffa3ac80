/** Until when the session lasts, and that only a template went since it ended (SES-1, SES-3). */

import { useTranslation } from "react-i18next";
import { useNow } from "~/components/useNow";
import type { Chat } from "~/lib/api/types";
import { sessionState } from "~/lib/session";
import { fullTime, untilTime } from "~/lib/time";
import styles from "./Panel.module.css";
import { Fact, Section } from "./Section";

export function SessionSection({ chat }: { chat: Chat }) {
  const { session, opened_by_template: opened } = chat;
  const { t } = useTranslation("panel");
  const now = useNow(15_000);
  const state = sessionState(session, now);
  const validity =
    state === "none" || session.ends_at === null
      ? t("sessionNone")
      : state === "expired"
        ? t("sessionExpired", { at: fullTime(session.ends_at) })
        : t(state === "expiring" ? "sessionExpiring" : "sessionOpen", {
            until: untilTime(session.ends_at, now),
          });
  return (
    <Section id="session" title={t("session")}>
      <dl className={styles.facts}>
        <Fact term={t("validity")}>
          <span className={styles.session} data-state={state} data-testid="session-validity">
            {validity}
          </span>
        </Fact>
        {opened !== null && state !== "open" && state !== "expiring" ? (
          <Fact term={t("sessionOpening")} testId="session-by-template">
            {t("sessionByTemplate", { at: fullTime(opened) })}
            <p className={styles.quiet}>{t("sessionByTemplateHint")}</p>
          </Fact>
        ) : null}
      </dl>
    </Section>
  );
}
