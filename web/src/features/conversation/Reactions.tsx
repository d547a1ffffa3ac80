/** The reactions under a balloon: who, and of ours how far it got (CHAT-7). */

import { useTranslation } from "react-i18next";
import type { Message, Reaction } from "~/lib/api/types";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Balloon.module.css";

export function Reactions({ message, contact }: { message: Message; contact: string }) {
  const { t } = useTranslation();
  const { agents } = useDeskAndMe();
  const nameOf = ({ author, agent_id }: Reaction) =>
    author === "contact"
      ? contact
      : ((agent_id === null ? undefined : agents.get(agent_id)?.name) ?? t(`authors.${author}`));
  return (
    <ul className={styles.reactions} data-testid="reactions">
      {message.reactions.map((reaction) => {
        const { author, emoji, state } = reaction;
        const said = { emoji, name: nameOf(reaction) };
        const words =
          state === "pending"
            ? t("conversation.reactionPending", said)
            : state === "failed"
              ? t("conversation.reactionFailed", said)
              : t("conversation.reaction", said);
        return (
          <li
            key={author}
            className={styles.reaction}
            data-state={state ?? "sent"}
            data-author={author}
            data-testid="reaction"
            title={words}
          >
            <span role="img" aria-label={words}>
              {emoji}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
