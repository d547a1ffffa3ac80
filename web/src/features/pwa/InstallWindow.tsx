/** How the page is installed where the browser cannot offer it: on an iPhone or iPad. */

import { Button } from "@mantine/core";
import { IconCheck, IconShare2, IconSquarePlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useFocusBack, Window, WindowActions } from "~/components/Window";
import styles from "./Pwa.module.css";
import "./words";

export default function InstallWindow({ close }: { close: () => void }) {
  const { t } = useTranslation("phone");
  useFocusBack();
  return (
    <Window title={t("installing.title")} close={close} size={440} testId="install-window">
      <p className={styles.about}>{t("installing.about")}</p>
      <ol className={styles.points}>
        <li>
          <Icon of={IconShare2} size={20} />
          {t("installing.share")}
        </li>
        <li>
          <Icon of={IconSquarePlus} size={20} />
          {t("installing.add")}
        </li>
        <li>
          <Icon of={IconCheck} size={20} />
          {t("installing.confirm")}
        </li>
      </ol>
      <WindowActions>
        <Button onClick={close} data-autofocus>
          {t("understood")}
        </Button>
      </WindowActions>
    </Window>
  );
}
