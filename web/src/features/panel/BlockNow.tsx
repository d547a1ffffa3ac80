/** Blocks the contact, or no longer, from the palette: at once, and a window only if it is refused. */

import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Remark } from "~/components/Remark";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import type { Chat } from "~/lib/api/types";
import { useDeskAndMe } from "../live/DeskContext";
import { useOnce } from "./useOnce";

export function BlockNow({ chat, close }: { chat: Chat; close: () => void }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { desk } = useDeskAndMe();
  const why = useWhy();
  const { run, failed } = useOnce();
  const begun = useRef(false);
  const wanted = useRef(!chat.row.blocked);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void run(() => desk.setBlocked(chat, wanted.current)).then((done) => {
      if (done) close();
    });
  }, [run, desk, chat, close]);
  if (!failed) return null;
  return (
    <Window title={t(wanted.current ? "block" : "unblock")} close={close} testId="block-window">
      <Remark tone="danger">{why(failed)}</Remark>
      <WindowActions>
        <Button onClick={close} data-autofocus>
          {common("app.close")}
        </Button>
      </WindowActions>
    </Window>
  );
}
