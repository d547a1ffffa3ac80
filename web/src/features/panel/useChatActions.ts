/** What the palette offers to do to the open chat. */

import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { serverNow } from "~/lib/clock";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { blockRight, isSomeoneElses } from "./rights";
import type { Ask } from "./windows";

addSentences("panel", panel);

export function useChatActions(ask: Ask): { id: string; label: string; act: () => void }[] {
  const { t } = useTranslation("panel");
  const { me } = useDeskAndMe();
  const chat = useDesk((snapshot) => snapshot.state.chat?.chat ?? null);
  if (!chat) return [];
  const mayForward = !isSomeoneElses(chat, me);
  const { blocked } = chat.row;
  return [
    ...(mayForward
      ? [
          { id: "agent", label: t("toAgent"), act: () => ask({ window: "agent" }) },
          { id: "department", label: t("toDepartment"), act: () => ask({ window: "department" }) },
          { id: "flow", label: t("toFlow"), act: () => ask({ window: "flow" }) },
        ]
      : []),
    ...(chat.protocol === null
      ? []
      : [{ id: "close", label: t("close"), act: () => ask({ window: "close" }) }]),
    ...(chat.protocol === null || chat.closing === null
      ? []
      : [
          {
            id: "cancelClosing",
            label: t("closing.cancel"),
            act: () => ask({ window: "cancelClosing", protocol: chat.protocol as string }),
          },
        ]),
    { id: "edit", label: t("edit"), act: () => ask({ window: "edit" }) },
    ...(me.agent.permissions.includes("notes")
      ? [{ id: "note", label: t("addNote"), act: () => ask({ window: "note", note: null }) }]
      : []),
    ...(me.agent.permissions.includes("schedules") && !blocked
      ? (["message", "flow"] as const).map((kind) => ({
          id: `schedule-${kind}`,
          label: t(`schedule.${kind}`),
          act: () => ask({ window: "schedule", kind, schedule: null }),
        }))
      : []),
    {
      id: "appointment",
      label: t("appointment.add"),
      act: () => ask({ window: "appointment", appointment: null }),
    },
    ...(blockRight(chat, me, serverNow()) === "may"
      ? [
          {
            id: "block",
            label: t(blocked ? "unblock" : "block"),
            act: () => ask({ window: "block" }),
          },
        ]
      : []),
  ];
}
