/** Asks once before the scheduled closing of an attendance is cancelled (CLOSE-3). */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/Confirm";
import { useNow } from "~/components/useNow";
import { useWhy } from "~/components/useWhy";
import type { Chat } from "~/lib/api/types";
import { untilTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import { Told } from "./Told";

interface CancelClosingProps {
  chat: Chat;
  /** Of the attendance whose closing the agent clicked. */
  protocol: string;
  close: () => void;
}

export function CancelClosing({ chat, protocol, close }: CancelClosingProps) {
  const { t } = useTranslation("panel");
  const { desk } = useDeskAndMe();
  const why = useWhy();
  const now = useNow(15_000);
  const [asking, setAsking] = useState(false);
  const closing = chat.protocol === protocol ? chat.closing : null;
  // It went meanwhile; what this window itself does ends it without a word.
  if (closing === null && !asking) {
    return (
      <Told
        title={t("closing.cancel")}
        words={t("closing.gone")}
        close={close}
        testId="cancel-closing"
      />
    );
  }
  const cancel = async () => {
    setAsking(true);
    try {
      await desk.cancelClosing(chat, protocol);
    } catch (error) {
      setAsking(false);
      throw error;
    }
  };
  return (
    <Confirm
      question={t("closing.ask")}
      yes={t("yes")}
      no={t("no")}
      act={cancel}
      close={close}
      failure={why}
      testId="cancel-closing"
    >
      {closing ? t("closing.stays", { protocol, at: untilTime(closing.at, now) }) : null}
    </Confirm>
  );
}
