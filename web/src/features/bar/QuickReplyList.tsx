/** «Respostas rápidas»: `/` opens them, `interna` first (SEND-9, SEND-7). */

import { IconPaperclip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { addSentences } from "~/i18n";
import { bar } from "~/i18n/bar";
import { doors } from "~/lib/api/doors";
import type { QuickReply } from "~/lib/api/types";
import { folded } from "~/lib/text";
import type { KeyTaker } from "./Bar";
import { type Choice, Choices } from "./Choices";

addSentences("bar", bar);

const INTERNAL = "interna";
const MOST = 50;

/** The quick replies that a search finds: those whose names begin so, then those that hold it. */
export function found(replies: readonly QuickReply[], search: string): QuickReply[] {
  const wanted = folded(search);
  const rank = (reply: QuickReply) => {
    const name = folded(reply.name);
    if (name.startsWith(wanted)) return 0;
    if (name.includes(wanted)) return 1;
    return folded(reply.text).includes(wanted) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank || a.reply.name.localeCompare(b.reply.name, "pt-BR"))
    .slice(0, MOST)
    .map(({ reply }) => reply);
}

export default function QuickReplyList({
  search,
  chosen,
  takesKey,
  active,
}: {
  search: string;
  chosen: (reply: QuickReply | typeof INTERNAL) => void;
  takesKey: RefObject<KeyTaker | null>;
  active: (elementId: string | null) => void;
}) {
  const { t } = useTranslation("bar");
  const { data, isError } = useQuery({
    queryKey: ["quick_replies"],
    queryFn: doors.quickReplies,
    staleTime: 60_000,
  });
  const replies = found(data?.quick_replies ?? [], search);
  const internal: Choice[] = INTERNAL.startsWith(folded(search))
    ? [{ id: INTERNAL, name: `/${INTERNAL}`, internal: true, what: t("quick.internal") }]
    : [];
  const choices: Choice[] = [
    ...internal,
    ...replies.map((reply) => ({
      id: reply.quick_reply_id,
      name: `/${reply.name}`,
      what: (
        <>
          {reply.file ? <Icon of={IconPaperclip} size={14} /> : null}
          {reply.text || reply.file?.name}
        </>
      ),
    })),
  ];
  return (
    <Choices
      label={t("quick.label")}
      choices={choices}
      nothing={
        isError
          ? t("quick.failed")
          : !data
            ? t("quick.loading")
            : t("quick.nothing", { query: search })
      }
      chosen={(id) => {
        const reply = replies.find((one) => one.quick_reply_id === id);
        if (id === INTERNAL) chosen(INTERNAL);
        else if (reply) chosen(reply);
      }}
      takesKey={takesKey}
      active={active}
      testId="quick-replies"
    />
  );
}
