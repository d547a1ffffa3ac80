/** One contact's card: the panel's own parts over a desk at rest, export and erasure (ADM-3, INFO-7). */

import { Button, Drawer } from "@mantine/core";
import { IconDownload, IconMessage, IconTrash, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Confirm } from "~/components/Confirm";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Remark } from "~/components/Remark";
import { useEscape } from "~/components/useEscape";
import { DeskContext } from "~/features/live/DeskContext";
import { ContactSection } from "~/features/panel/ContactSection";
import { DropNote } from "~/features/panel/DropNote";
import { EditWindow } from "~/features/panel/EditWindow";
import { NotesSection } from "~/features/panel/NotesSection";
import { NoteWindow } from "~/features/panel/NoteWindow";
import { TagsSection } from "~/features/panel/TagsSection";
import { useContact } from "~/features/panel/useContact";
import { Who } from "~/features/panel/Who";
import type { Asked } from "~/features/panel/windows";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Chat, Contact, ContactSummary, Labels, Me } from "~/lib/api/types";
import { saveFile } from "../files";
import { useRenew } from "../queries";
import { useRefusal } from "../refusals";
import { useRestingDesk } from "../restingDesk";
import styles from "./ContactDrawer.module.css";

addSentences("panel", panel);

/** There is no socket on this page: what others change shows after this long. */
const ANEW_MS = 4_000;

interface ContactDrawerProps {
  me: Me;
  chatId: string;
  /** The row that was clicked; null when the address alone names the contact. */
  summary: ContactSummary | null;
  labels: Labels | null;
  close: () => void;
}

export function ContactDrawer({ me, chatId, summary, labels, close }: ContactDrawerProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const value = useRestingDesk(me, labels);
  return (
    <Drawer.Root
      opened
      onClose={close}
      closeOnEscape={false}
      position="right"
      size={440}
      padding={0}
      lockScroll={false}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={words("contacts.drawer")} data-testid="contact-drawer">
        <Drawer.Body className={styles.body}>
          <div className={styles.header}>
            <h2 className={styles.title}>{words("contacts.drawer")}</h2>
            <IconButton label={t("app.close")} onClick={close}>
              <Icon of={IconX} />
            </IconButton>
          </div>
          <DeskContext value={value}>
            <Card me={me} chatId={chatId} summary={summary} close={close} />
          </DeskContext>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Card({
  me,
  chatId,
  summary,
  close,
}: {
  me: Me;
  chatId: string;
  summary: ContactSummary | null;
  close: () => void;
}) {
  const { t: words } = useTranslation("administration");
  const navigate = useNavigate();
  const renew = useRenew();
  const refusal = useRefusal();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [erasing, setErasing] = useState(false);
  const [exporting, setExporting] = useState<"idle" | "busy" | { failed: unknown }>("idle");
  const running = useRef(false);
  useEscape(close, asked === null);
  const asks = useContact(chatOf(chatId, summary, null));
  // The same question asked again and again, while the card is open.
  useQuery({
    queryKey: ["contact-anew", chatId],
    queryFn: async () => {
      await asks.refetch();
      return true;
    },
    refetchInterval: ANEW_MS,
    enabled: asks.data !== undefined && asked === null,
    gcTime: 0,
    initialData: true,
  });
  const contact = asks.data ?? null;
  if (!contact && asks.error instanceof Refused && asks.error.code === "not_found") {
    return (
      <div className={styles.sections}>
        <Remark tone="danger">{refusal(asks.error)}</Remark>
      </div>
    );
  }
  const chat = chatOf(chatId, summary, contact);
  const may = (permission: string) => me.agent.permissions.includes(permission);
  const name = contact?.name ?? summary?.name ?? "";
  const exportAll = async () => {
    if (running.current) return;
    running.current = true;
    setExporting("busy");
    try {
      const parts = [];
      let cursor: string | null = null;
      do {
        const part: Awaited<ReturnType<typeof doors.exportContact>> = await doors.exportContact(
          chatId,
          cursor,
        );
        parts.push(part);
        cursor = part.cursor;
      } while (cursor !== null);
      const whole = {
        contact: parts[0]?.contact ?? null,
        attendances: parts.flatMap((part) => part.attendances),
        messages: parts.flatMap((part) => part.messages),
      };
      saveFile(`contato-${chatId}.json`, JSON.stringify(whole, null, 2), "application/json");
      setExporting("idle");
    } catch (error) {
      setExporting({ failed: error });
    } finally {
      running.current = false;
    }
  };
  return (
    <>
      <div className={styles.sections}>
        <Who chat={chat} contact={contact} />
        <div className={styles.actions}>
          {summary?.readable ? (
            <Button
              variant="default"
              leftSection={<Icon of={IconMessage} />}
              onClick={() => void navigate(`/chats/${encodeURIComponent(chatId)}`)}
              data-testid="open-chat"
            >
              {words("contacts.openChat")}
            </Button>
          ) : summary ? (
            <Remark>{words("contacts.unreadable")}</Remark>
          ) : null}
        </div>
        <ContactSection
          chat={chat}
          contact={contact}
          failed={asks.isError && !contact}
          again={() => void asks.refetch()}
          ask={setAsked}
        />
        {contact ? <TagsSection chat={chat} /> : null}
        <NotesSection contact={contact} ask={setAsked} />
        <div className={styles.ends}>
          {may("export") ? (
            <div>
              <Button
                variant="default"
                leftSection={<Icon of={IconDownload} size={16} />}
                loading={exporting === "busy"}
                onClick={() => void exportAll()}
                data-testid="export-contact"
              >
                {words(exporting === "busy" ? "contacts.exporting" : "contacts.export")}
              </Button>
              <p className={styles.hint}>{words("contacts.exportHint")}</p>
              {typeof exporting === "object" ? (
                <Remark tone="danger">{refusal(exporting.failed)}</Remark>
              ) : null}
            </div>
          ) : null}
          {may("contacts") ? (
            <div>
              <Button
                variant="subtle"
                color="red"
                className={styles.erase}
                leftSection={<Icon of={IconTrash} size={16} />}
                disabled={contact?.blocked ?? true}
                onClick={() => setErasing(true)}
                data-testid="erase-contact"
              >
                {words("contacts.erase")}
              </Button>
              {contact?.blocked ? (
                <p className={styles.hint}>{words("contacts.eraseBlocked")}</p>
              ) : null}
            </div>
          ) : null}
        </div>
      </div>
      {asked?.window === "edit" ? (
        <EditWindow chat={chat} close={() => setAsked(null)} />
      ) : asked?.window === "note" ? (
        <NoteWindow chatId={chatId} note={asked.note} close={() => setAsked(null)} />
      ) : asked?.window === "dropNote" ? (
        <DropNote chatId={chatId} note={asked.note} close={() => setAsked(null)} />
      ) : null}
      {erasing ? (
        <Confirm
          question={words("contacts.eraseTitle", { name })}
          yes={words("contacts.erase")}
          danger
          act={async () => {
            await doors.eraseContact(chatId);
            await renew("contacts");
            close();
          }}
          close={() => setErasing(false)}
          failure={(error) =>
            error instanceof Refused && error.code === "contact_blocked"
              ? words("contacts.eraseBlocked")
              : refusal(error)
          }
          testId="confirm-erase"
        >
          {words("contacts.eraseText")}
        </Confirm>
      ) : null}
    </>
  );
}

/** The contact as the panel's parts take it: a chat of which only the record is known. */
function chatOf(chatId: string, summary: ContactSummary | null, contact: Contact | null): Chat {
  return {
    row: {
      chat_id: chatId,
      row_rev: 0,
      channel: contact?.channel ?? summary?.channel ?? "whatsapp",
      account: contact?.account ?? summary?.account ?? "",
      name: contact?.name ?? summary?.name ?? "",
      phone: contact?.phone ?? summary?.phone ?? null,
      username: contact?.username ?? summary?.username ?? null,
      preview: "",
      preview_kind: null,
      preview_author: null,
      last_activity_at: null,
      opened_at: null,
      closed: true,
      agent_id: null,
      department_id: null,
      unread: 0,
      blocked: contact?.blocked ?? summary?.blocked ?? false,
      tags: contact?.tags ?? summary?.tags ?? [],
      campaigns: [],
      session_ends_at: null,
      waiting_since: null,
    },
    rev: 0,
    protocol: null,
    session: { state: "none", ends_at: null, human_until: null },
    unread_from: null,
    profile_rev: 0,
    blockable_until: null,
    meta_block: null,
    closing: null,
    opened_by_template: null,
  };
}
