/** What a contact card holds; a number of it leads to its chat (NEW-4). */

import { useTranslation } from "react-i18next";
import { CopyButton } from "~/components/CopyButton";
import { useEscape } from "~/components/useEscape";
import { useFocusBack, Window } from "~/components/Window";
import type { Card } from "~/lib/api/types";
import styles from "./Kinds.module.css";

const SHORTEST = 8;

export default function CardWindow({ card, close }: { card: Card; close: () => void }) {
  const { t } = useTranslation("messages");
  useEscape(close);
  useFocusBack();
  const { name, phones, emails, company } = card;
  return (
    <Window title={t("card.title")} close={close} size={420} testId="card-window">
      <div className={styles.details}>
        <p className={styles.detailsName} dir="auto">
          <bdi>{name || t("card.unnamed")}</bdi>
        </p>
        {company ? <p className={styles.about}>{company}</p> : null}
        {phones.length > 0 ? <h3>{t("card.phones")}</h3> : null}
        {phones.map(({ phone, label }, index) => {
          const digits = phone.replace(/[^+0-9]/g, "");
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the numbers of a card never move
            <p key={index} className={styles.detail}>
              <span>
                <bdi>{phone}</bdi>
                {label ? <span className={styles.about}> {label}</span> : null}
              </span>
              <CopyButton text={phone} label={t("card.copy", { value: phone })} />
              {digits.length >= SHORTEST ? (
                <a
                  className={styles.textButton}
                  href={`/chats?target_phone=${encodeURIComponent(digits)}`}
                  aria-label={t("card.writeTo", { phone })}
                  data-testid="card-write"
                >
                  {t("card.write")}
                </a>
              ) : null}
            </p>
          );
        })}
        {emails.length > 0 ? <h3>{t("card.emails")}</h3> : null}
        {emails.map((email, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the addresses of a card never move
          <p key={index} className={styles.detail}>
            <bdi>{email}</bdi>
            <CopyButton text={email} label={t("card.copy", { value: email })} />
          </p>
        ))}
        {phones.length + emails.length === 0 ? (
          <p className={styles.about}>{t("card.nothing")}</p>
        ) : null}
      </div>
    </Window>
  );
}
