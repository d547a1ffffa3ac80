/** «Configurações do Chat»: who the contact is, what is known and noted, who attends. */

import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useAfterPaint } from "~/components/useAfterPaint";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import type { Chat } from "~/lib/api/types";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import NeedsConnection from "../offline/NeedsConnection";
import { AppointmentsSection } from "./AppointmentsSection";
import { BlockSection } from "./BlockSection";
import { ContactSection } from "./ContactSection";
import { HistorySection } from "./HistorySection";
import { NotesSection } from "./NotesSection";
import styles from "./Panel.module.css";
import { SchedulesSection } from "./SchedulesSection";
import { ServiceSection } from "./ServiceSection";
import { SessionSection } from "./SessionSection";
import { TagsSection } from "./TagsSection";
import { useContact } from "./useContact";
import { Who } from "./Who";
import type { Ask } from "./windows";

addSentences("panel", panel);

export default function Panel({ close, ask }: { close: () => void; ask: Ask }) {
  const { t } = useTranslation();
  // The conversation comes first; the panel follows a moment later.
  const chat = useAfterPaint(useDesk((snapshot) => snapshot.state.chat?.chat ?? null));
  const { desk } = useDeskAndMe();
  const missing = useDesk(({ chat, disconnected }) => chat === "failed" && disconnected);
  return (
    <aside className={styles.panel} aria-label={t("areas.panel")} data-testid="panel">
      <header className={styles.header}>
        <h2 className={styles.title}>{t("areas.panel")}</h2>
        <IconButton label={t("conversation.closePanel")} onClick={close}>
          <Icon of={IconX} />
        </IconButton>
      </header>
      {chat ? (
        <Body key={chat.row.chat_id} chat={chat} ask={ask} />
      ) : missing ? (
        <NeedsConnection what="panel" again={() => void desk.fetchChat().catch(() => {})} />
      ) : null}
    </aside>
  );
}

function Body({ chat, ask }: { chat: Chat; ask: Ask }) {
  const query = useContact(chat);
  const contact = query.data ?? null;
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  const failed = !contact && (query.isError || (disconnected && query.failureCount > 0));
  const again = () => void query.refetch();
  if (failed && disconnected) {
    return <NeedsConnection what="panel" again={again} />;
  }
  return (
    <div className={styles.body} data-testid="panel-body">
      <Who chat={chat} contact={contact} />
      <ContactSection chat={chat} contact={contact} failed={failed} again={again} ask={ask} />
      <SessionSection chat={chat} />
      <TagsSection chat={chat} />
      <NotesSection contact={contact} loading={!contact && !failed} ask={ask} />
      <SchedulesSection chat={chat} ask={ask} />
      <AppointmentsSection chat={chat} ask={ask} />
      <ServiceSection chat={chat} ask={ask} />
      <HistorySection chat={chat} />
      <BlockSection chat={chat} />
    </div>
  );
}
