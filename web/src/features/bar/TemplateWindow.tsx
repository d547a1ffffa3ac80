/** A template chosen, filled, looked at, and sent only with the button (SEND-1, SEND-2). */

import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Window, WindowActions } from "~/components/Window";
import { addSentences } from "~/i18n";
import { templates } from "~/i18n/templates";
import type { Chat, Message, TemplateToSend } from "~/lib/api/types";
import { useDeskAndMe } from "../live/DeskContext";
import { TemplateForm } from "../templates/TemplateForm";

addSentences("templates", templates);

export default function TemplateWindow({ chat, close }: { chat: Chat; close: () => void }) {
  const { t } = useTranslation("bar");
  const { t: words } = useTranslation();
  const { desk } = useDeskAndMe();
  const ready = useRef<{ body: TemplateToSend | null; shown: Partial<Message> }>({
    body: null,
    shown: {},
  });
  const [tried, setTried] = useState(false);
  const sent = useRef(false);
  const send = () => {
    const { body, shown } = ready.current;
    if (!body) {
      setTried(true);
      return;
    }
    if (sent.current) return;
    sent.current = true;
    desk.send(chat.row.chat_id, { template: body }, { text: "", ...shown });
    close();
  };
  return (
    <Window title={t("template.title")} close={close} size={760} testId="template-window">
      <TemplateForm
        chatId={chat.row.chat_id}
        tried={tried}
        onReady={(body, shown) => {
          ready.current = { body, shown };
        }}
      />
      <WindowActions>
        <Button variant="default" onClick={close}>
          {words("app.cancel")}
        </Button>
        <Button onClick={send} data-testid="template-send">
          {t("template.send")}
        </Button>
      </WindowActions>
    </Window>
  );
}
