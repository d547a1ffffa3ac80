/** The palette of Ctrl+K: every action of the page, and the chats of the list, by name. */

import "@mantine/spotlight/styles.css";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import { ORDERS, usePlace } from "../live/useView";
import { useChatActions } from "../panel/useChatActions";
import type { Ask } from "../panel/windows";

interface PaletteProps {
  closed: () => void;
  ask: Ask;
  actions: { id: string; label: string; act: () => void }[];
}

const SHOWN_CHATS = 200;

export default function Palette({ closed, ask, actions }: PaletteProps) {
  const { t } = useTranslation();
  const { me } = useDeskAndMe();
  const { go } = usePlace(me.tabs);
  const rows = useDesk((snapshot) => snapshot.state.list?.rows);
  const ofChat = useChatActions(ask);
  useEffect(() => spotlight.open(), []);
  return (
    <Spotlight
      nothingFound={t("palette.nothing")}
      searchProps={{
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.placeholder"),
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
          group: t("palette.actions"),
          actions: [
            ...ofChat.map(({ id, label, act }) => ({ id, label, onClick: act })),
            ...me.tabs.map((tab) => ({
              id: `tab ${tab}`,
              label: t("palette.tab", { tab: `«${t(`tabs.${tab}`)}»` }),
              onClick: () => go({ tab }),
            })),
            ...ORDERS.map((order) => ({
              id: `order ${order}`,
              label: t("palette.order", { order: t(`orders.${order}`) }),
              onClick: () => go({ order }),
            })),
            ...actions.map(({ id, label, act }) => ({ id, label, onClick: act })),
          ],
        },
        {
          group: t("palette.chats"),
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
