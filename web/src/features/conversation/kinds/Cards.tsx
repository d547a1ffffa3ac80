/** Contact cards; each opens its details (SEND-6). */

import { IconChevronRight, IconUser } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import type { Card } from "~/lib/api/types";
import styles from "./Kinds.module.css";

const CardWindow = later(() => import("./CardWindow"));

export function Cards({ cards }: { cards: Card[] }) {
  const { t } = useTranslation("messages");
  const [open, setOpen] = useState<Card | null>(null);
  return (
    <>
      {cards.map((card, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: the cards of a message never move
          key={index}
          type="button"
          className={styles.card}
          aria-haspopup="dialog"
          data-testid="contact-card"
          onClick={() => setOpen(card)}
        >
          <span className={styles.face}>
            <Icon of={IconUser} size={20} />
          </span>
          <span className={styles.cardWords}>
            <bdi className={styles.cardTitle} dir="auto">
              {card.name || t("card.unnamed")}
            </bdi>
            <bdi className={styles.about} dir="auto">
              {card.company || card.phones[0]?.phone || card.emails[0] || t("card.open")}
            </bdi>
          </span>
          <Icon of={IconChevronRight} size={18} />
        </button>
      ))}
      {open ? (
        <Suspense>
          <CardWindow card={open} close={() => setOpen(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
