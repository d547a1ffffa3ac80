/** What the contact chose of a menu, of buttons or of a form. */

import { IconListCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { Details } from "~/lib/api/types";
import styles from "./Kinds.module.css";

export function ChoiceReply({ choice }: { choice: NonNullable<Details["choice"]> }) {
  const { t } = useTranslation("messages");
  return (
    <div className={styles.choice} data-testid="choice">
      <p className={styles.caption}>
        <Icon of={IconListCheck} size={16} />
        {t("choice.of")}
      </p>
      <p className={styles.choiceTitle} dir="auto" data-testid="message-text">
        {choice.title}
      </p>
      {choice.description ? (
        <p className={styles.about} dir="auto">
          {choice.description}
        </p>
      ) : null}
    </div>
  );
}
