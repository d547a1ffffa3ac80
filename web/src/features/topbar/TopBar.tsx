/** «Botões e Notificações»: the agency, the connection, the theme, and the user's menu. */

import { Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconLogout, IconMoon, IconSearch, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import styles from "./TopBar.module.css";

interface TopBarProps {
  logOut: () => void;
  showKeys: () => void;
  showPalette: () => void;
}

export function TopBar({ logOut, showKeys, showPalette }: TopBarProps) {
  const { t } = useTranslation();
  const { me } = useDeskAndMe();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const dark = scheme === "dark";
  return (
    <header className={styles.bar}>
      <a className={styles.skip} href="#areas">
        {t("app.skip")}
      </a>
      <section className={styles.area} aria-label={t("areas.bar")}>
        <img src="/favicon.svg" alt="" width={28} height={28} />
        <h1 className={styles.agency} dir="auto">
          {me.agency.name}
        </h1>
        <Connection />
        <span className={styles.space} />
        <IconButton
          label={`${t("top.palette")} (Ctrl+K)`}
          onClick={showPalette}
          data-testid="palette"
        >
          <Icon of={IconSearch} size={20} />
        </IconButton>
        <IconButton
          label={t(dark ? "top.themeLight" : "top.themeDark")}
          onClick={() => setColorScheme(dark ? "light" : "dark")}
          data-testid="theme"
        >
          <Icon of={dark ? IconSun : IconMoon} size={20} />
        </IconButton>
        <Menu
          position="bottom-end"
          width={240}
          shadow="md"
          withinPortal={false}
          withInitialFocusPlaceholder={false}
        >
          <Menu.Target>
            <button type="button" className={styles.user} data-testid="user-menu">
              <Avatar name={me.agent.name} size={32} />
              <span className="hidden">{t("top.user", { name: me.agent.name })}</span>
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>
              <span className={styles.name}>{me.agent.name}</span>
              <span className={styles.email}>{me.agent.email}</span>
            </Menu.Label>
            <Menu.Divider />
            <Menu.Item leftSection={<Icon of={IconKeyboard} />} onClick={showKeys}>
              {t("top.shortcuts")}
            </Menu.Item>
            <Menu.Item leftSection={<Icon of={IconLogout} />} onClick={logOut} data-testid="logout">
              {t("top.logout")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </section>
    </header>
  );
}

function Connection() {
  const { t } = useTranslation();
  const connection = useDesk((snapshot) => snapshot.connection);
  return (
    <p
      className={styles.connection}
      role="status"
      data-testid="connection-state"
      data-state={connection}
    >
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.words}>{t(`top.${connection}`)}</span>
    </p>
  );
}
