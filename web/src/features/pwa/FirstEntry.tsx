/** On first entering the installed page: what the notifications are for, then the browser asks (NOTIF-6). */

import { Button } from "@mantine/core";
import { IconBell, IconEye, IconUser } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useFocusBack, Window, WindowActions } from "~/components/Window";
import styles from "./Pwa.module.css";
import { useSwitch } from "./useSwitch";
import "./words";

interface FirstEntryProps {
  agent: string;
  /** Answered: with no for now, or with what the browser then keeps. */
  close: () => void;
}

export default function FirstEntry({ agent, close }: FirstEntryProps) {
  const { t } = useTranslation("phone");
  const { busy, failure, turn } = useSwitch(agent);
  const [refused, setRefused] = useState(false);
  useFocusBack();
  const allow = async () => {
    const outcome = await turn(true);
    setRefused(outcome === "not_now");
    if (outcome === "done" || outcome === "denied") close();
  };
  return (
    <Window title={t("ask.title")} close={close} size={440} testId="push-ask">
      <ul className={styles.points}>
        <li>
          <Icon of={IconBell} size={20} />
          {t("ask.about")}
        </li>
        <li>
          <Icon of={IconEye} size={20} />
          {t("ask.shown")}
        </li>
        <li>
          <Icon of={IconUser} size={20} />
          {t("ask.once")}
        </li>
      </ul>
      {refused ? <Remark tone="warning">{t("ask.notNow")}</Remark> : null}
      {failure ? <Remark tone="danger">{failure}</Remark> : null}
      <WindowActions>
        <Button variant="default" onClick={close} disabled={busy} data-testid="push-later">
          {t("later")}
        </Button>
        <Button loading={busy} onClick={() => void allow()} data-autofocus data-testid="push-allow">
          {t("ask.allow")}
        </Button>
      </WindowActions>
    </Window>
  );
}
