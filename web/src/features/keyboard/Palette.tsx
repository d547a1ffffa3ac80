/** The palette of Ctrl+K: every action of the page, and the chats of the list, by name. */

import "@mantine/spotlight/styles.css";
import { Spotlight, spotlight } from "@mantine/spotlight";
import type { TFunction } from "i18next";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { addSentences } from "~/i18n";
import { keyboard } from "~/i18n/keyboard";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import { ORDERS, usePlace } from "../live/useView";
import { useChatActions } from "../panel/useChatActions";
import type { Ask } from "../panel/windows";

interface PaletteProps {
  closed: () => void;
  ask: Ask;
  actions: Partial<Record<ActionName, () => void>>;
}

const SHOWN_CHATS = 200;

addSentences("keyboard", keyboard);

/** What the page's own actions are called. */
const labelsOf = (t: TFunction, words: TFunction<"keyboard">) => ({
  bar: words("keys.bar"),
  search: words("keys.search"),
  newChat: t("list.newChat"),
  markUnread: words("keys.unread"),
  next: words("keys.next"),
  previous: words("keys.previous"),
  panel: t("conversation.openPanel"),
  unread: t("list.unreadOnly"),
  why: words("keys.why"),
  keys: words("keys.help"),
  resync: t("resync.button"),
  logout: t("top.logout"),
});

type ActionName = keyof ReturnType<typeof labelsOf>;

export default function Palette({ closed, ask, actions }: PaletteProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("keyboard");
  const labels = labelsOf(t, words);
  const { me } = useDeskAndMe();
  const { go } = usePlace(me.tabs);
  const rows = useDesk((snapshot) => snapshot.state.list?.rows);
  const ofChat = useChatActions(ask);
  useEffect(() => spotlight.open(), []);
  return (
    <Spotlight
      nothingFound={words("palette.nothing")}
      searchProps={{
        placeholder: words("palette.placeholder"),
        "aria-label": words("palette.placeholder"),
      }}
      onSpotlightClose={closed}
      attributes={{ content: { "aria-label": t("top.palette") } }}
      scrollable
      maxHeight={420}
      highlightQuery={false}
      lockScroll={false}
      limit={12}
      actions={[
        {
          group: words("palette.actions"),
          actions: [
            ...ofChat.map(({ id, label, act }) => ({ id, label, onClick: act })),
            ...me.tabs.map((tab) => ({
              id: `tab ${tab}`,
              label: words("palette.tab", { tab: `«${t(`tabs.${tab}`)}»` }),
              onClick: () => go({ tab }),
            })),
            ...ORDERS.map((order) => ({
              id: `order ${order}`,
              label: words("palette.order", { order: t(`orders.${order}`) }),
              onClick: () => go({ order }),
            })),
            ...(Object.entries(actions) as [ActionName, () => void][]).map(([id, onClick]) => ({
              id,
              label: labels[id],
              onClick,
            })),
          ],
        },
        {
          group: words("palette.chats"),
          actions: (rows ?? []).slice(0, SHOWN_CHATS).map((row) => ({
            id: row.chat_id,
            label: nameOf(row, t("authors.contact")),
            description: row.preview,
            leftSection: <Avatar name={nameOf(row, t("authors.contact"))} size={28} />,
            onClick: () => go({ chatId: row.chat_id }),
          })),
        },
      ]}
    />
  );
}
